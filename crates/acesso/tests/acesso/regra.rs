use acesso::regra::{AlterarRegra, AlterarRegraError, NovaDoPerfil, RegraRule, SegundoFator, alterar};
use kernel::Actor;
use tenancy::TenantTx;
use testkit::Base;

use crate::house::{ANA, actor, audited, count, person, text};

#[tokio::test]
async fn the_rules_have_bounds_a_version_and_a_trail() {
    let base = Base::new().await;
    let leitor = actor(&base, &person(&base, "Leitor", ANA).await).await;
    let schema = base.alfa.names().schema();
    let perfil = text(&base, &format!("SELECT id::text FROM {schema}.perfil WHERE nome = 'Leitor'")).await.parse().unwrap();
    let set = async |who: &Actor, attempts, trust_days, version| {
        let nova = NovaDoPerfil { perfil, segundo_fator: SegundoFator::Exigido, telefone: false, provedor: true };
        let cmd = AlterarRegra { attempts, trust_days, perfis: vec![nova], version };
        base.tenants.write(&base.alfa, async |tx: &mut TenantTx| alterar(tx, who, cmd.clone()).await).await
    };
    let sistema = Actor::sistema();
    assert!(matches!(set(&leitor, 5, 30, 1).await, Err(AlterarRegraError::Denied(_))));
    for (attempts, days) in [(2, 30), (11, 30), (5, -1), (5, 91)] {
        assert!(
            matches!(set(&sistema, attempts, days, 1).await, Err(AlterarRegraError::Rule(RegraRule::OutOfBounds(_)))),
            "{attempts} {days}"
        );
    }
    assert_eq!(count(&base, "perfil WHERE segundo_fator <> 'oferecido'").await, 0, "a refusal changes nothing");
    set(&sistema, 3, 0, 1).await.unwrap();
    assert!(matches!(set(&sistema, 4, 0, 1).await, Err(AlterarRegraError::Rule(RegraRule::Changed))), "of an older version");
    set(&sistema, 3, 0, 2).await.unwrap();
    assert_eq!(audited(&base, "acesso.regra_alterada").await, 1, "the second changed nothing");
    assert_eq!(count(&base, "perfil WHERE segundo_fator = 'exigido'").await, 1);
}
