//! `sri doctor`: what is wrong with an installation, in one go and with the way out.

use std::{fs, process::ExitCode};

use kernel::Clock;
use tenancy::{
    Depth, Migrations, MoveStep, Placement, Platform, inspect, migrate_status, moving, pending_platform_migrations, reconcile,
};

use crate::{
    house::House,
    settings::{Settings, listed},
};

/// What was found, told as it is found.
#[derive(Default)]
struct Findings {
    count: usize,
    accepted: usize,
}

impl Findings {
    fn tell(&mut self, finding: &str) {
        self.count += 1;
        println!("- {finding}");
    }
}

/// Fails when anything was found that is not accepted.
pub(super) async fn run() -> anyhow::Result<ExitCode> {
    let settings = match Settings::from_env() {
        Ok(settings) => settings,
        Err(problems) => {
            println!("{}", listed(&problems));
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut found = Findings::default();
    look_at_settings(&settings, &mut found);
    let house = House::new(&settings, Clock::system());
    let platform = &house.gates.platform;
    let mut central_answers = true;
    for placement in &settings.tenancy.placements {
        if let Err(fault) = look_at_placement(platform, &placement.name, &settings.accepted_walls, &mut found).await {
            found.tell(&format!(
                "placement {} cannot be looked at: {fault}. Is it running, and was `sri migrate` run there with this secret key?",
                placement.name
            ));
            central_answers &= placement.name != *platform.central();
        }
    }
    if central_answers && let Err(fault) = look_at_unidades(platform, &mut found).await {
        found.tell(&format!("the unidades cannot be looked at: {fault}"));
    }
    if found.accepted > 0 {
        println!("{} missing walls are accepted by SRI_ACCEPT_WALLS", found.accepted);
    }
    if found.count == 0 {
        println!("Nothing is wrong.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("\n{} findings", found.count);
    Ok(ExitCode::FAILURE)
}

fn look_at_settings(settings: &Settings, found: &mut Findings) {
    let public = settings.web.base.scheme() == "https";
    if public && let Some(folder) = settings.mail.folder() {
        found.tell(&format!(
            "SRI_MAIL_URL: mails are written into the folder {} and reach nobody; name an SMTP server",
            folder.display()
        ));
    }
    let folder = &settings.backup_dir;
    if folder.is_relative() && public {
        found.tell(&format!("SRI_BACKUP_DIR: {} depends on where a process is started; name a whole path", folder.display()));
    }
    if let files::Place::Folder(folder) = &settings.files.place
        && folder.is_relative()
        && public
    {
        found.tell(&format!("SRI_FILES_DIR: {} depends on where a process is started; name a whole path", folder.display()));
    }
    // A folder that is not there is made with the first backup.
    if folder.exists() && fs::metadata(folder).is_ok_and(|it| !it.is_dir() || it.permissions().readonly()) {
        found.tell(&format!("SRI_BACKUP_DIR: {} is no folder that can be written into", folder.display()));
    }
    for name in &settings.accepted_walls {
        let wall = name.split(':').next().unwrap_or_default();
        if tenancy::Wall::ALL.iter().all(|known| known.code() != wall) {
            found.tell(&format!("SRI_ACCEPT_WALLS: there is no wall {wall:?}"));
        }
    }
}

async fn look_at_placement(
    platform: &Platform,
    placement: &Placement,
    accepted: &[String],
    found: &mut Findings,
) -> Result<(), kernel::Fault> {
    let pending = pending_platform_migrations(platform, placement).await?;
    if pending > 0 {
        found.tell(&format!("placement {placement}: {pending} migrations of the platform are missing; run `sri migrate`"));
        // What is looked at next may need the tables they bring.
        return Ok(());
    }
    for finding in inspect(platform, placement, Depth::Everything).await? {
        if finding.is_accepted(accepted) {
            found.accepted += 1;
        } else {
            found.tell(&finding.to_string());
        }
    }
    Ok(())
}

async fn look_at_unidades(platform: &Platform, found: &mut Findings) -> Result<(), kernel::Fault> {
    let stream = Migrations::tenant();
    let mended = reconcile(platform).await?;
    let all = migrate_status(platform, stream).await?;
    for unidade in &all {
        let slug = &unidade.slug;
        if let Some(error) = &unidade.error {
            found.tell(&format!("{slug}: its migration failed: {error}. Mend the cause and run `sri migrate`"));
        } else if unidade.pending > 0 && unidade.status != "provisioning" {
            found.tell(&format!("{slug}: {} migrations are missing; run `sri migrate`", unidade.pending));
        }
        if unidade.version > stream.newest() {
            found.tell(&format!(
                "{slug}: its schema has version {}, newer than this program; use the newer program",
                unidade.version
            ));
        }
    }
    for wrong in mended {
        let slug = all.iter().find(|u| u.id == wrong.id).map_or_else(|| wrong.id.to_string(), |u| u.slug.clone());
        match wrong.schema_says {
            Some(version) => found.tell(&format!(
                "{slug}: the register said version {}, its schema {version}; the register is mended",
                wrong.register_said
            )),
            None => found.tell(&format!(
                "{slug}: its schema is not there; restore its newest backup by `sri unidade restore <file> --replace {slug}`"
            )),
        }
    }
    for id in moving::unfinished(platform).await? {
        let slug = all.iter().find(|u| u.id == id).map_or_else(|| id.to_string(), |u| u.slug.clone());
        let Some(state) = moving::find(platform, id).await? else { continue };
        found.tell(&match state.step {
            MoveStep::Switched => {
                format!(
                    "{slug}: lives in {}, its old copy is still in {}; `sri unidade move {slug} --finish` removes it",
                    state.target, state.source
                )
            }
            _ => format!(
                "{slug}: its move to {} was not finished; run it again, or `sri unidade move {slug} --abort`",
                state.target
            ),
        });
    }
    Ok(())
}
