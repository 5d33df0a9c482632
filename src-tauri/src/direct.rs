//! The thread that sends in the background: asks, waits as long as it is told or until somebody rings, and asks again.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

use fieldproof_api::Api;
use fieldproof_app::Wait;

use crate::network;

/// Rung when something was sealed, changed, or came back: the network.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    is_rung: Mutex<bool>,
    rung: Condvar,
}

impl Bell {
    pub(crate) fn ring(&self) {
        *self.is_rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.rung.notify_one();
    }

    /// Waits; whoever rang meanwhile has been heard then.
    fn wait(&self, wait: Wait) {
        let is_rung = self.is_rung.lock().unwrap_or_else(PoisonError::into_inner);
        let silent = |is_rung: &mut bool| !*is_rung;
        let mut is_rung = match wait {
            Wait::UntilRung => self.rung.wait_while(is_rung, silent).unwrap_or_else(PoisonError::into_inner),
            Wait::Seconds(seconds) => {
                let most = Duration::from_secs(seconds.into());
                self.rung.wait_timeout_while(is_rung, most, silent).unwrap_or_else(PoisonError::into_inner).0
            }
        };
        *is_rung = false;
    }
}

/// Sends in the background for as long as the program runs. Without the thread the button still sends.
pub(crate) fn begin(api: Arc<Api>, bell: Arc<Bell>) {
    let thread = |name: &str| thread::Builder::new().name(name.to_owned());
    let (there, costs) = (Arc::clone(&api), Arc::clone(&api));
    let sending = thread("direct").spawn(move || {
        loop {
            bell.wait(api.send_in_background());
        }
    });
    let network = thread("network").spawn(move || network::listen(&|| there.link_changed()));
    let costs = thread("costs").spawn(move || network::listen_to_costs(&|| costs.link_changed()));
    drop((sending, network, costs));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bell_that_rang_before_anybody_listened_is_heard_once() {
        let bell = Bell::default();
        bell.ring();
        bell.wait(Wait::UntilRung);
        // Silent again: the time runs out.
        bell.wait(Wait::Seconds(0));
        let shared = Arc::new(bell);
        let other = Arc::clone(&shared);
        let ringing = thread::spawn(move || other.ring());
        shared.wait(Wait::UntilRung);
        ringing.join().unwrap();
    }
}
