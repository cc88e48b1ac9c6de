//! `sri unidade …`: everything the console does with a unidade, and what only somebody at the machine may: restore,
//! rehearse, move.

mod admin_link;
mod backup;
mod create;
mod delete;
mod moving;
mod restore;
mod show;
mod status;

use clap::Subcommand;

use super::operator::Operator;

#[derive(Subcommand)]
pub(super) enum Unidade {
    /// Register a unidade; a worker makes its schema and invites its first administrador
    Create(create::Create),
    /// All unidades that are not deleted
    List(show::List),
    /// One unidade with its backups and its move
    Show(show::Show),
    /// Let nobody in and its jobs wait, until `reactivate`
    Suspend(status::Close),
    /// Open a unidade that was suspended, in maintenance or archived
    Reactivate(status::Named),
    /// As `suspend`, for a while: its people are told to come back later
    Maintenance(status::Close),
    /// Hide a unidade from the outside; its data stay
    Archive(status::Named),
    /// Back up a closed unidade, then remove it for ever
    Delete(delete::Delete),
    /// Write an archive and plain SQL into the folder of the backups
    Backup(backup::Backup),
    /// Bring an archive back, as a new unidade or in the place of one
    Restore(restore::Restore),
    /// Restore the newest archive for trial, compare it, and remove it again
    Rehearse(backup::Rehearse),
    /// Bring a unidade to another placement while its people work
    Move(moving::Move),
    /// Print a link by which an administrador enters once without a password
    AdminLink(admin_link::AdminLink),
}

impl Unidade {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let operator = Operator::new()?;
        match self {
            Self::Create(verb) => verb.run(&operator).await,
            Self::List(verb) => verb.run(&operator).await,
            Self::Show(verb) => verb.run(&operator).await,
            Self::Suspend(verb) => verb.suspend(&operator).await,
            Self::Reactivate(verb) => verb.reactivate(&operator).await,
            Self::Maintenance(verb) => verb.maintenance(&operator).await,
            Self::Archive(verb) => verb.archive(&operator).await,
            Self::Delete(verb) => verb.run(&operator).await,
            Self::Backup(verb) => verb.run(&operator).await,
            Self::Restore(verb) => verb.run(&operator).await,
            Self::Rehearse(verb) => verb.run(&operator).await,
            Self::Move(verb) => verb.run(&operator).await,
            Self::AdminLink(verb) => verb.run(&operator).await,
        }
    }
}
