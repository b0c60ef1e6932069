//! The errors of the runtime, one type per operation.

use super::identity::KeyError;
use super::store::StoreError;
use crate::command::{Rejection, RejectionCode};
use crate::id::InstanceId;
use crate::process::DeployError;

/// Why a command did not happen.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// It cannot be carried out; nothing has changed.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The instance is not at the version that the caller saw; nothing has changed.
    #[error("instance {instance} is at version {actual}, not at {expected}")]
    VersionConflict {
        /// The instance.
        instance: InstanceId,
        /// What the caller saw.
        expected: u64,
        /// What is stored.
        actual: u64,
    },
    /// The store does not know whether the commit happened; send it again with the same key.
    #[error("it is not known whether the command was carried out: {0}")]
    Unknown(String),
    /// The store failed; nothing has changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CommandError {
    /// The rejection, where this is one.
    pub fn rejection(&self) -> Option<&Rejection> {
        match self {
            CommandError::Rejected(rejection) => Some(rejection),
            CommandError::VersionConflict { .. } | CommandError::Unknown(_) | CommandError::Store(_) => None,
        }
    }

    /// The instance does not take it, now or ever: what was meant for it has nothing left to do.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, CommandError::Rejected(_) | CommandError::Store(StoreError::Corrupt(_)))
    }

    pub(super) fn rejected(code: RejectionCode, message: impl std::fmt::Display) -> CommandError {
        CommandError::Rejected(Rejection::new(code, message))
    }
}

/// Why a runtime could not be built.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Two handlers for one job type.
    #[error("job type `{0}` has two handlers")]
    HandlerTwice(String),
    /// A stored definition cannot be deployed by this build.
    #[error("a stored definition is refused: {0}")]
    Definition(#[from] DeployError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Any error of this crate, for programs that pass all of them on with `?`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A command did not happen.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// A deployment was refused.
    #[error(transparent)]
    Deploy(#[from] DeploymentError),
    /// A runtime could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A text is not a key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A value of the host is no value of the engine, or the other way round.
    #[error(transparent)]
    Value(#[from] tokenflow_feel::value::typed::ValueError),
}

/// Why a file was not deployed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeploymentError {
    /// The file was refused, with all findings; nothing of it is deployed.
    #[error(transparent)]
    Refused(#[from] DeployError),
    /// The store failed; nothing is deployed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
