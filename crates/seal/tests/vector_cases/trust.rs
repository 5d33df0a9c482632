//! What a verifier holds: root, key set and snapshot, each of which a case may change.

use ed25519_dalek::SigningKey;

use super::{
    cbor::{Fields, V, bytes, int, list, text},
    world::{self, DAY, key_id, morning, public, short, sign},
};

/// A row of the key set.
#[derive(Clone)]
pub struct Row {
    /// Whose.
    pub key: SigningKey,
    /// 1 issuing, 2 register, 3 encryption.
    pub role: i64,
    /// First day.
    pub first: i64,
    /// Last day.
    pub last: i64,
    /// 1 active, 2 retired, 3 compromised.
    pub state: i64,
}

/// A trust file in the making.
#[derive(Clone)]
pub struct Trust {
    /// Who signs the key set.
    pub root: SigningKey,
    /// Purpose of key set and snapshot.
    pub purpose: i64,
    /// The key set's number.
    pub number: i64,
    /// The institution's identifier.
    pub institution: [u8; 16],
    /// Working keys.
    pub rows: Vec<Row>,
    /// A further field of the key set.
    pub extra: Option<(i64, V)>,
    /// Who signs the snapshot; nobody where there is none.
    pub snapshot_by: Option<SigningKey>,
    /// The snapshot's epoch and number.
    pub snapshot_number: (i64, i64),
    /// The snapshot's day.
    pub as_of: i64,
    /// Field 5.
    pub withdrawn: Vec<V>,
    /// Field 6.
    pub delegations: Vec<V>,
    /// Field 7.
    pub standing: Vec<V>,
    /// A further field of the snapshot.
    pub snapshot_extra: Option<(i64, V)>,
}

/// Everything in order, as of the day itself.
pub fn trust() -> Trust {
    let row = |key, role| Row { key, role, first: 0, last: 30_000, state: 1 };
    Trust {
        root: world::root(),
        purpose: 0,
        number: 1,
        institution: [9; 16],
        rows: vec![row(world::issuing(), 1), row(world::register(), 2), row(world::second_register(), 2)],
        extra: None,
        snapshot_by: Some(world::second_register()),
        snapshot_number: (1, 1),
        as_of: DAY,
        withdrawn: Vec::new(),
        delegations: Vec::new(),
        standing: Vec::new(),
        snapshot_extra: None,
    }
}

impl Trust {
    /// With the state of the key in that row changed: 0 issuing, 1 register, 2 second register.
    pub fn state(mut self, row: usize, state: i64) -> Self {
        self.rows[row].state = state;
        self
    }

    /// As of another day.
    pub fn listed_on(self, day: i64) -> Self {
        Self { as_of: day, ..self }
    }

    /// Without a snapshot.
    pub fn no_snapshot(self) -> Self {
        Self { snapshot_by: None, ..self }
    }

    /// With the certificate withdrawn: 1 revoked, 2 suspended, 3 refused.
    pub fn withdrawn(mut self, state: i64) -> Self {
        self.withdrawn.push(list([bytes(short(&world::CERTIFICATE, 8)), int(state), int(DAY)]));
        self
    }

    /// With a delegation registered up to an index, and ended where that is said: 1 retired, 2 compromised.
    pub fn delegated(mut self, delegation: &[u8], up_to: i64, ended: Option<i64>) -> Self {
        let mut row = vec![bytes(short(delegation, 8)), int(up_to)];
        row.extend(ended.iter().flat_map(|how| [int(*how), int(DAY)]));
        self.delegations.push(list(row));
        self
    }

    /// With a list of what stands under a key, by payload.
    pub fn stands(mut self, key: &SigningKey, payloads: &[Vec<u8>]) -> Self {
        let mut digests: Vec<_> = payloads.iter().map(|payload| short(payload, 16)).collect();
        digests.sort();
        self.standing.push(list([bytes(key_id(&public(key))), bytes(digests.concat())]));
        self
    }

    /// The key set's fields.
    pub fn key_set_fields(&self) -> Fields {
        let row = |row: &Row| {
            let days = [row.first, row.last].map(int);
            let [first, last] = days;
            list([bytes(public(&row.key)), int(row.role), first, last, int(row.state)])
        };
        let mut fields = vec![
            (0, int(1)),
            (1, int(self.purpose)),
            (2, int(self.number)),
            (3, bytes(self.institution)),
            (4, text("Example Institute")),
            (5, text("fieldproof.example/v")),
            (6, morning(DAY - 100)),
            (7, list(self.rows.iter().map(row).collect::<Vec<_>>())),
        ];
        fields.extend(self.extra.clone());
        fields
    }

    /// The snapshot's fields.
    pub fn snapshot_fields(&self) -> Fields {
        let sorted = |rows: &[V]| {
            let mut rows = rows.to_vec();
            rows.sort_by_key(V::encode);
            list(rows)
        };
        let mut fields = vec![
            (0, int(10)),
            (1, int(self.purpose)),
            (2, int(self.snapshot_number.0)),
            (3, int(self.snapshot_number.1)),
            (4, morning(self.as_of)),
            (5, sorted(&self.withdrawn)),
            (6, sorted(&self.delegations)),
            (7, sorted(&self.standing)),
        ];
        fields.extend(self.snapshot_extra.clone());
        fields
    }

    /// The signed key set.
    pub fn key_set(&self) -> Vec<u8> {
        sign(&self.key_set_fields(), &self.root)
    }

    /// The trust file.
    pub fn file(&self) -> Vec<u8> {
        let snapshot = self.snapshot_by.as_ref().map(|key| sign(&self.snapshot_fields(), key));
        trust_file(&public(&self.root), &self.key_set(), snapshot)
    }
}

/// A trust file of these pieces.
pub fn trust_file(root: &[u8], key_set: &[u8], snapshot: Option<Vec<u8>>) -> Vec<u8> {
    let snapshot = snapshot.map_or(V::Null, V::Bytes);
    list([text("fieldproof-trust"), int(1), bytes(root), bytes(key_set), snapshot]).encode()
}

/// The payload's bytes of these fields, which is what a list of what stands names.
pub fn payload(fields: &[(i64, V)]) -> Vec<u8> {
    super::cbor::map(fields).encode()
}

/// The trust of an institution of another purpose.
pub fn trust_of(purpose: i64) -> Trust {
    Trust { purpose, ..trust() }
}
