//! The two macros that turn a list of fields into a type with its reader and writer.

/// A type of the schema: its struct and everything that reading and writing need to know, from one list.
///
/// `name: field Base` is the base type by composition; each attribute and child has its schema name. A child field
/// whose type is a group of elements has the name of the group's abstract head.
macro_rules! element {
    (
        $(#[$meta:meta])*
        pub struct $name:ident: $base:ident $base_ty:ty;
        $(attributes { $( $attribute:ident: $attribute_ty:ty = $attribute_name:literal ),* $(,)? })?
        $(children { $( $child:ident: $child_ty:ty = $child_name:literal ),* $(,)? })?
        $(text { $(#[$text_meta:meta])* $text:ident: $text_ty:ty })?
        $(also { $( $(#[$also_meta:meta])* $also:ident: $also_ty:ty ),* $(,)? })?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            #[doc = concat!("What it shares with every `", stringify!($base_ty), "`.")]
            pub $base: $base_ty,
            $($(
                #[doc = concat!("`", $attribute_name, "`.")]
                pub $attribute: $attribute_ty,
            )*)?
            $($(
                #[doc = concat!("`", $child_name, "`.")]
                pub $child: $child_ty,
            )*)?
            $($(#[$text_meta])* pub $text: $text_ty,)?
            $($( $(#[$also_meta])* pub $also: $also_ty, )*)?
        }

        #[allow(unused_mut, unused_variables, unused_assignments)]
        impl $crate::model::element::Schema for $name {
            const SLOTS: u8 = <$base_ty as $crate::model::element::Schema>::SLOTS
                $($( + { let _ = $child_name; 1 } )*)?;

            fn markup(&self) -> &$crate::model::Markup {
                $crate::model::element::Schema::markup(&self.$base)
            }

            fn markup_mut(&mut self) -> &mut $crate::model::Markup {
                $crate::model::element::Schema::markup_mut(&mut self.$base)
            }

            fn read_attribute(
                &mut self,
                name: &$crate::model::element::Name<'_>,
                value: &str,
                source: &$crate::model::element::Source<'_, '_>,
            ) -> Option<$crate::model::element::Lexical> {
                $($(
                    if name.is($attribute_name) {
                        return Some($crate::model::element::AttributeField::read(&mut self.$attribute, value, source));
                    }
                )*)?
                $crate::model::element::Schema::read_attribute(&mut self.$base, name, value, source)
            }

            fn read_child(
                &mut self,
                tag: &$crate::xml::Tag<'_>,
                node: $crate::xml::NodeIx,
                context: &mut $crate::read::Context<'_, '_>,
            ) -> Option<u8> {
                let mut slot = <$base_ty as $crate::model::element::Schema>::SLOTS;
                $($(
                    if <$child_ty as $crate::model::element::ChildField>::accepts($child_name, tag) {
                        let read = $crate::model::element::ChildField::read(&mut self.$child, tag, node, context);
                        return read.then_some(slot);
                    }
                    slot += 1;
                )*)?
                $crate::model::element::Schema::read_child(&mut self.$base, tag, node, context)
            }

            fn write_attributes<'e>(
                &'e self,
                visit: &mut dyn FnMut(&'static str, $crate::model::AttributeValue<'e>),
            ) {
                $crate::model::element::Schema::write_attributes(&self.$base, visit);
                $($(
                    if let Some(value) = $crate::model::element::AttributeField::value(&self.$attribute) {
                        visit($attribute_name, value);
                    }
                )*)?
            }

            fn child(&self, slot: u8, nth: usize) -> Option<$crate::model::Child<'_>> {
                let mut own = <$base_ty as $crate::model::element::Schema>::SLOTS;
                if slot < own {
                    return $crate::model::element::Schema::child(&self.$base, slot, nth);
                }
                $($(
                    if slot == own {
                        return $crate::model::element::ChildField::child(&self.$child, $child_name, nth);
                    }
                    own += 1;
                )*)?
                None
            }

            fn children<'e>(&'e self, visit: &mut dyn FnMut($crate::model::Child<'e>)) {
                $crate::model::element::Schema::children(&self.$base, visit);
                $($(
                    $crate::model::element::ChildField::children(&self.$child, $child_name, visit);
                )*)?
            }
        }

        impl $crate::model::element::Read for $name {
            fn body_mut(&mut self) -> Option<&mut $crate::model::Body> {
                $(if true { return $crate::model::element::TextField::body_mut(&mut self.$text); })?
                None
            }

            fn content_mut(&mut self) -> Option<&mut $crate::model::Fragment> {
                $(if true { return $crate::model::element::TextField::content_mut(&mut self.$text); })?
                None
            }
        }

        impl $crate::model::Element for $name {
            fn markup(&self) -> &$crate::model::Markup {
                $crate::model::element::Schema::markup(self)
            }

            fn attributes<'e>(
                &'e self,
                visit: &mut dyn FnMut(&'static str, $crate::model::AttributeValue<'e>),
            ) {
                $crate::model::element::Schema::write_attributes(self, visit);
            }

            fn slots(&self) -> u8 {
                <Self as $crate::model::element::Schema>::SLOTS
            }

            fn child(&self, slot: u8, nth: usize) -> Option<$crate::model::Child<'_>> {
                $crate::model::element::Schema::child(self, slot, nth)
            }

            fn children<'e>(&'e self, visit: &mut dyn FnMut($crate::model::Child<'e>)) {
                $crate::model::element::Schema::children(self, visit);
            }

            fn body(&self) -> Option<&$crate::model::Body> {
                $(if true { return $crate::model::element::TextField::body(&self.$text); })?
                None
            }

            fn content(&self) -> Option<&$crate::model::Fragment> {
                $(if true { return $crate::model::element::TextField::content(&self.$text); })?
                None
            }
        }

        impl $crate::model::element::Item for $name {
            fn read(
                _: &$crate::xml::Tag<'_>,
                node: $crate::xml::NodeIx,
                context: &mut $crate::read::Context<'_, '_>,
            ) -> Self {
                $crate::read::element(node, context)
            }

            fn child(&self, name: &'static str) -> $crate::model::Child<'_> {
                $crate::model::Child::Element(name, self)
            }
        }
    };
}

/// An enumeration of the elements that may stand for one abstract element, each in a box.
macro_rules! group {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $variant:ident($ty:ty) = $element_name:literal ),* $(,)?
        }
        $(also { $( $(#[$also_meta:meta])* $also:ident($also_ty:ty) ),* $(,)? })?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $(
                #[doc = concat!("`", $element_name, "`.")]
                $variant($ty),
            )*
            $($( $(#[$also_meta])* $also($also_ty), )*)?
        }

        impl $name {
            /// The name in the schema.
            pub fn name(&self) -> &'static str {
                match self {
                    $( $name::$variant(_) => $element_name, )*
                    $($( $name::$also(inner) => inner.name(), )*)?
                }
            }

            /// The element whatever its type.
            pub fn element(&self) -> &dyn $crate::model::Element {
                match self {
                    $( $name::$variant(element) => &**element, )*
                    $($( $name::$also(inner) => inner.element(), )*)?
                }
            }

            /// The id of the element.
            pub fn id(&self) -> Option<&str> {
                self.element().id()
            }

            /// Where the element begins.
            pub fn position(&self) -> $crate::Position {
                self.element().markup().position
            }
        }

        impl $crate::model::element::Item for $name {
            fn accepts(_: &'static str, tag: &$crate::xml::Tag<'_>) -> bool {
                $( tag.is($element_name) )||*
                $($( || <$also_ty as $crate::model::element::Item>::accepts("", tag) )*)?
            }

            fn read(
                tag: &$crate::xml::Tag<'_>,
                node: $crate::xml::NodeIx,
                context: &mut $crate::read::Context<'_, '_>,
            ) -> Self {
                $(
                    if tag.is($element_name) {
                        return $name::$variant($crate::model::element::Item::read(tag, node, context));
                    }
                )*
                $($(
                    if <$also_ty as $crate::model::element::Item>::accepts("", tag) {
                        return $name::$also($crate::model::element::Item::read(tag, node, context));
                    }
                )*)?
                unreachable!("a group reads only what it accepts")
            }

            fn child(&self, _: &'static str) -> $crate::model::Child<'_> {
                $crate::model::Child::Element(self.name(), self.element())
            }
        }
    };
}

/// An enumeration of the schema, spelled as there.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $variant:ident = $word:literal ),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                #[doc = concat!("`", $word, "`.")]
                $variant,
            )*
        }

        impl $name {
            /// The word in the schema.
            pub const fn as_str(self) -> &'static str {
                match self { $( $name::$variant => $word, )* }
            }
        }

        impl $crate::model::element::AttributeField for Option<$name> {
            fn read(
                &mut self,
                value: &str,
                _: &$crate::model::element::Source<'_, '_>,
            ) -> $crate::model::element::Lexical {
                const WORDS: &[(&str, $name)] = &[$( ($word, $name::$variant) ),*];
                $crate::model::read_word(self, value, WORDS)
            }

            fn value(&self) -> Option<$crate::model::AttributeValue<'_>> {
                self.map(|word| $crate::model::AttributeValue::Text(word.as_str()))
            }
        }
    };
}

pub(crate) use {element, group, words};
