//! Several unidades made and removed at the same moment.

use futures::future::join_all;
use tenancy::Provisioning;

use crate::support::World;

// Every login role's right to connect stands in the one row of the database, which PostgreSQL lets nobody change in parallel.
#[tokio::test]
async fn unidades_made_at_the_same_moment_do_not_disturb_each_other() {
    let world = World::new().await;
    let placement = world.placement(0);
    let made = join_all((0..6).map(|_| Provisioning::make_spare(&world.platform, &placement))).await;
    for spare in made {
        let names = tenancy::Names::of(spare.unwrap());
        let may: bool =
            world.ask(format!("SELECT has_database_privilege('{}', current_database(), 'CONNECT')", names.login_role())).await;
        assert!(may, "its own login role may enter");
    }
}
