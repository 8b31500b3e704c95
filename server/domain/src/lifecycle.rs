//! Closed lists of words and the error of an illegal step, shared by all objects with a life.

/// Declares an enum whose variants have a stored word and a shown label.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All values, in their order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            /// The word in the database, the log, files and the URL.
            pub const fn word(self) -> &'static str { match self { $(Self::$variant => $word,)* } }
            /// What a person reads.
            pub const fn label(self) -> &'static str { match self { $(Self::$variant => $label,)* } }
            /// The value with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.word() == word)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.word()) }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let word = <String as serde::Deserialize>::deserialize(d)?;
                Self::from_word(&word).ok_or_else(|| serde::de::Error::custom(format!("“{word}” is not a word that is known here")))
            }
        }
    };
}

words! {
    /// The life of an application or entitlement.
    Lifecycle {
        /// In use.
        Active = "active", "Active";
        /// Paused: nothing new is granted.
        Suspended = "suspended", "Suspended";
        /// Over for good; the record stays.
        Ended = "ended", "Ended";
    }
}

words! {
    /// Four steps of risk and of criticality.
    Level {
        /// Nothing happens when it goes wrong.
        Low = "low", "Low";
        /// An inconvenience.
        Medium = "medium", "Medium";
        /// Damage.
        High = "high", "High";
        /// Existential damage.
        Critical = "critical", "Critical";
    }
}

/// A step that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is {from} and cannot be {attempted}")]
pub struct InvalidTransition {
    /// The word of the present state.
    pub from: &'static str,
    /// What was attempted, as a participle.
    pub attempted: &'static str,
}

/// What can be done to the life of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Pause.
    Suspend,
    /// Undo the pause.
    Resume,
    /// End for good.
    End,
}

impl Step {
    const fn attempted(self) -> &'static str {
        match self {
            Self::Suspend => "suspended",
            Self::Resume => "resumed",
            Self::End => "ended",
        }
    }

    /// The error of this step from a state.
    pub const fn refused(self, from: &'static str) -> InvalidTransition {
        InvalidTransition {
            from,
            attempted: self.attempted(),
        }
    }
}

impl Lifecycle {
    /// Takes a step, or says why it cannot be taken.
    pub const fn step(self, step: Step) -> Result<Self, InvalidTransition> {
        match (self, step) {
            (Self::Active, Step::Suspend) => Ok(Self::Suspended),
            (Self::Suspended, Step::Resume) => Ok(Self::Active),
            (Self::Active | Self::Suspended, Step::End) => Ok(Self::Ended),
            (from, step) => Err(step.refused(from.word())),
        }
    }
}
