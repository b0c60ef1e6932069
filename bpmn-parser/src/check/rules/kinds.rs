//! The kinds of definitions that an event has, as a set.

use crate::model::EventDefinition;

/// A set of kinds of event definitions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u16);

impl Kinds {
    pub(super) const MESSAGE: Kinds = Kinds(1);
    pub(super) const TIMER: Kinds = Kinds(1 << 1);
    pub(super) const SIGNAL: Kinds = Kinds(1 << 2);
    pub(super) const CONDITIONAL: Kinds = Kinds(1 << 3);
    pub(super) const ERROR: Kinds = Kinds(1 << 4);
    pub(super) const ESCALATION: Kinds = Kinds(1 << 5);
    pub(super) const COMPENSATION: Kinds = Kinds(1 << 6);
    pub(super) const CANCEL: Kinds = Kinds(1 << 7);
    pub(super) const LINK: Kinds = Kinds(1 << 8);
    pub(super) const TERMINATE: Kinds = Kinds(1 << 9);
    /// What an event-based gateway can wait for (10.6.6).
    pub(super) const AWAITED: Kinds =
        Kinds(Self::MESSAGE.0 | Self::TIMER.0 | Self::SIGNAL.0 | Self::CONDITIONAL.0);

    pub(super) fn of(definition: &EventDefinition) -> Self {
        match definition {
            EventDefinition::Message(_) => Kinds::MESSAGE,
            EventDefinition::Timer(_) => Kinds::TIMER,
            EventDefinition::Signal(_) => Kinds::SIGNAL,
            EventDefinition::Conditional(_) => Kinds::CONDITIONAL,
            EventDefinition::Error(_) => Kinds::ERROR,
            EventDefinition::Escalation(_) => Kinds::ESCALATION,
            EventDefinition::Compensate(_) => Kinds::COMPENSATION,
            EventDefinition::Cancel(_) => Kinds::CANCEL,
            EventDefinition::Link(_) => Kinds::LINK,
            EventDefinition::Terminate(_) => Kinds::TERMINATE,
        }
    }

    pub(super) fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    pub(super) fn has(self, kind: Kinds) -> bool {
        self.0 & kind.0 != 0
    }

    pub(super) fn is_within(self, others: Kinds) -> bool {
        self.0 & !others.0 == 0
    }
}
