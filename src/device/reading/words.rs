//! Enumerations whose members are words in JSON, read and written by one table.

/// An enumeration with the word of each member.
macro_rules! words {
    ($(#[$attribute:meta])* pub enum $name:ident { $($(#[$about:meta])* $member:ident = $word:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$about])* $member,)* }

        impl $name {
            /// Every member.
            pub const ALL: &[Self] = &[$(Self::$member,)*];

            /// Its word in JSON.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$member => $word,)* }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = String::deserialize(from)?;
                let member = Self::ALL.iter().copied().find(|member| member.word() == word);
                member.ok_or_else(|| serde::de::Error::custom("no word of the list"))
            }
        }
    };
}

pub(super) use words;

#[cfg(test)]
mod tests {
    use crate::device::reading::{Condition, MeasurementLimit, Panel, Quantity};

    #[test]
    fn words_are_the_members_names_and_come_back() {
        fn check<T: std::fmt::Debug + PartialEq + serde::Serialize + serde::de::DeserializeOwned>(all: &[T]) {
            for member in all {
                let name = format!("{member:?}");
                let (first, rest) = name.split_at(1);
                let json = serde_json::to_string(member).unwrap();
                assert_eq!(json, format!("\"{}{rest}\"", first.to_lowercase()));
                assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), member);
            }
            assert!(
                serde_json::from_str::<T>("\"Anna\"").is_err() && serde_json::from_str::<T>("1").is_err()
            );
        }
        check(Panel::ALL);
        check(Quantity::ALL);
        check(Condition::ALL);
        check(MeasurementLimit::ALL);
    }
}
