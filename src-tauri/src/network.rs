//! What NetworkManager knows: whether the connection is paid for by volume, and when there is one again.

use std::{collections::HashMap, time::Duration};

use fieldproof_app::Link;
use zbus::{
    Result,
    blocking::{Connection, Proxy, connection},
    zvariant::Value,
};

const NAME: &str = "org.freedesktop.NetworkManager";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const PATH: &str = "/org/freedesktop/NetworkManager";

/// It runs on this machine: whoever takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// From this state on there is a network, if only a local one (`NM_STATE_CONNECTED_LOCAL`).
const CONNECTED: u32 = 50;

fn manager(connection: &Connection) -> Result<Proxy<'_>> {
    Proxy::new(connection, NAME, PATH, NAME)
}

/// What the connection costs. Where NetworkManager does not run, nobody can tell.
pub(crate) fn link() -> Link {
    let ask = || -> Result<u32> {
        let bus = connection::Builder::system()?.method_timeout(PATIENCE).build()?;
        manager(&bus)?.get_property("Metered")
    };
    ask().map_or(Link::CannotTell, meaning)
}

/// `NMMetered`: NetworkManager guesses where nobody told it.
const fn meaning(metered: u32) -> Link {
    match metered {
        1 | 3 => Link::Metered,
        2 | 4 => Link::Free,
        _ => Link::CannotTell,
    }
}

/// Rings whenever what the connection costs is said anew.
pub(crate) fn listen_to_costs(ring: &dyn Fn()) {
    let hear = || -> Result<()> {
        let bus = Connection::system()?;
        for signal in Proxy::new(&bus, NAME, PATH, PROPERTIES)?.receive_signal("PropertiesChanged")? {
            let body = signal.body();
            let changed: Result<(&str, HashMap<&str, Value<'_>>, Vec<&str>)> = body.deserialize();
            if changed.is_ok_and(|(_, changed, _)| changed.contains_key("Metered")) {
                ring();
            }
        }
        Ok(())
    };
    // Then each round looks when it begins.
    drop(hear());
}

/// Rings whenever there is a network again, as long as NetworkManager runs; without it nobody rings.
pub(crate) fn listen(ring: &dyn Fn()) {
    let hear = || -> Result<()> {
        let bus = Connection::system()?;
        for signal in manager(&bus)?.receive_signal("StateChanged")? {
            if signal.body().deserialize::<u32>().is_ok_and(|state| CONNECTED <= state) {
                ring();
            }
        }
        Ok(())
    };
    // Then the growing pauses find out.
    drop(hear());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_of_networkmanager_has_its_meaning() {
        let meanings: Vec<_> = (0..=5).map(meaning).collect();
        use Link::{CannotTell, Free, Metered};
        assert_eq!(meanings, [CannotTell, Metered, Free, Metered, Free, CannotTell]);
    }
}
