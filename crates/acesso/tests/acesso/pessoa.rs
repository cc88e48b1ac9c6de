//! One person, many unidades: what ends a link, and what a sessão that came over does not prove (decision 0019).

use acesso::{
    Senha,
    aparelho::Aparelhos,
    entrada::{Entrada, one_time_entry},
    recuperacao::{entregar, recuperar},
    sessao::{NovaSessao, administrar},
    usuario::{self, AlterarSenha, DadosUsuario, UsuarioId},
};
use chrono::TimeDelta;
use jobs::{Gates, Limits, Worker};
use kernel::Actor;
use tenancy::{
    NewUnidade, PlatformTx, Provisioning, TenantTx, UnidadeId,
    pessoa::{self, Conta, Ponta},
};
use testkit::Base;
use uuid::Uuid;

use crate::house::{ANA, SENHA, actor, audited, count, home, id_of, links, person, sign_in, text};

const NOVA: &str = "outra-frase-bem-longa";

/// Ana, who is linked and goes over; and who administers the unidade.
struct Stage {
    base: Base,
    ana: UsuarioId,
    sessao: NovaSessao,
    boss: Actor,
}

impl Stage {
    async fn new() -> Self {
        let base = Base::new().await;
        let boss = actor(&base, &person(&base, "Administrador", "bia@senai.example").await).await;
        let sessao = person(&base, "Administrador", ANA).await;
        let ana = id_of(&actor(&base, &sessao).await);
        let stage = Self { base, ana, sessao, boss };
        stage.link().await;
        stage
    }

    /// As the superuser, in the schema of alfa.
    async fn sudo(&self, sql: &str) {
        self.base.execute(&format!("SET search_path = {}; {sql}", self.base.alfa.names().schema())).await;
    }

    async fn link(&self) {
        self.sudo(&format!("UPDATE usuario SET conta_id = gen_random_uuid(), passagem = true WHERE id = '{}'", self.ana)).await;
    }

    /// `linked`, `goes over`.
    async fn stands(&self) -> (bool, bool) {
        let is = async |what: &str| count(&self.base, &format!("usuario WHERE id = '{}' AND {what}", self.ana)).await == 1;
        (is("conta_id IS NOT NULL").await, is("passagem").await)
    }

    async fn write<T>(&self, work: impl AsyncFnOnce(&mut TenantTx) -> T) -> T {
        self.base.alfa(work).await
    }

    async fn alter(&self, change: impl FnOnce(&mut DadosUsuario)) {
        self.write(async |tx: &mut TenantTx| {
            let now = usuario::find(tx, self.ana).await.unwrap().unwrap();
            let mut cmd = DadosUsuario {
                nome: now.nome.parse().unwrap(),
                email: now.email.parse().unwrap(),
                perfil: now.perfil_id,
                setor: None,
                idioma: None,
                telefone: now.telefone.map(|telefone| telefone.parse().unwrap()),
                version: now.version,
                confirmed: true,
            };
            change(&mut cmd);
            usuario::alterar_usuario(tx, &self.boss, self.ana, cmd).await.unwrap();
        })
        .await;
    }

    async fn set_senha(&self) {
        let ana = actor(&self.base, &self.sessao).await;
        let cmd = AlterarSenha { atual: Senha::typed(""), nova: Senha::typed(NOVA), sessao: self.sessao.id };
        usuario::alterar_senha(&self.base.tenants, &self.base.alfa, &ana, cmd).await.unwrap();
    }
}

/// Whoever administers a unidade must not walk into another by an account that they took over.
#[tokio::test]
async fn another_address_or_number_ends_the_link_and_another_name_does_not() {
    let stage = Stage::new().await;
    stage.alter(|cmd| cmd.nome = "Ana Maria Lima".parse().unwrap()).await;
    assert_eq!(stage.stands().await, (true, true));
    stage.alter(|cmd| cmd.email = "ana.maria@senai.example".parse().unwrap()).await;
    assert_eq!(stage.stands().await, (false, false));
    assert_eq!(audited(&stage.base, "pessoa.desvinculada").await, 1);
    stage.link().await;
    stage.alter(|cmd| cmd.telefone = Some("+5547988887777".parse().unwrap())).await;
    assert_eq!(stage.stands().await, (false, false));
}

#[tokio::test]
async fn a_link_for_a_senha_ends_the_link_and_so_does_the_senha_chosen_by_it() {
    let stage = Stage::new().await;
    let made = stage
        .write(async |tx: &mut TenantTx| entregar(tx, &stage.boss, &links(), stage.ana).await.map_err(|_| ()).unwrap())
        .await;
    assert_eq!(stage.stands().await, (false, false), "handed over");
    stage.link().await;
    let token = made.link.rsplit('/').next().unwrap().parse().unwrap();
    let new = (None, Aparelhos::default());
    recuperar(&stage.base.tenants, &stage.base.alfa, &home(), &token, Senha::typed(NOVA), new).await.unwrap();
    assert_eq!(stage.stands().await, (false, false), "used");
    stage.link().await;
    let wanted = Entrada { nome: "Ana Lima".parse().unwrap(), email: ANA.parse().unwrap(), valid: TimeDelta::hours(1) };
    let links = links();
    stage.write(async |tx: &mut TenantTx| one_time_entry(tx, &Actor::sistema(), &links, wanted).await.map(drop).unwrap()).await;
    assert_eq!(stage.stands().await, (false, false), "the operator's link");
}

#[tokio::test]
async fn whoever_loses_the_second_factor_the_account_or_the_post_is_linked_no_more() {
    let stage = Stage::new().await;
    stage
        .sudo(&format!(
            "INSERT INTO fator (id, usuario_id, method, created_at, confirmed_at) VALUES (gen_random_uuid(), '{}', 'email', now(), now())",
            stage.ana
        ))
        .await;
    let (boss, ana) = (&stage.boss, stage.ana);
    stage.write(async |tx: &mut TenantTx| administrar::encerrar_todas_de(tx, boss, ana).await.map(drop).unwrap()).await;
    stage.write(async |tx: &mut TenantTx| administrar::desbloquear(tx, boss, ana).await.unwrap()).await;
    assert_eq!(stage.stands().await, (true, true), "what lets nobody in changes nothing");
    stage.write(async |tx: &mut TenantTx| administrar::retirar_fatores(tx, boss, ana).await.unwrap()).await;
    assert_eq!(stage.stands().await, (false, false), "without the second factor");
    stage.link().await;
    stage.write(async |tx: &mut TenantTx| usuario::desativar(tx, boss, ana).await.unwrap()).await;
    assert_eq!(stage.stands().await, (false, false), "deactivated");
    stage.write(async |tx: &mut TenantTx| usuario::reativar(tx, boss, ana).await.unwrap()).await;
    assert_eq!(stage.stands().await, (false, false), "and active again");
    stage.link().await;
    stage.write(async |tx: &mut TenantTx| usuario::excluir(tx, boss, ana).await.unwrap()).await;
    assert_eq!(stage.stands().await, (false, false), "deleted");
}

/// Whoever reads the codes of a telephone, the unidade's administrador maybe, makes no way on to other unidades of them.
#[tokio::test]
async fn a_first_senha_leads_on_only_where_the_sessao_did() {
    for (method, leads) in [("telefone", false), ("provedor", false), ("entrada", false), ("um-novo", false), ("chave", true)] {
        let stage = Stage::new().await;
        stage.sudo("DELETE FROM credencial").await;
        stage.sudo(&format!("UPDATE sessao SET method = '{method}' WHERE id = '{}'", stage.sessao.id)).await;
        stage.set_senha().await;
        assert_eq!(stage.stands().await, (true, leads), "{method}");
    }
}

/// What they proved in another unidade, some hours ago maybe, is no proof that they are there.
#[tokio::test]
async fn who_came_over_proves_nothing_anew_by_having_just_come() {
    let stage = Stage::new().await;
    stage.sudo("DELETE FROM credencial; UPDATE perfil SET segundo_fator = 'oferecido'").await;
    let key = &stage.base.config.master_key;
    let begin = async |method: &str| {
        stage.sudo(&format!("UPDATE sessao SET method = '{method}' WHERE id = '{}'", stage.sessao.id)).await;
        let ana = actor(&stage.base, &stage.sessao).await;
        let cmd = acesso::fator::MudarFator {
            mudanca: acesso::fator::Mudanca::LigarEmail,
            senha: Senha::typed(""),
            sessao: stage.sessao.id,
        };
        acesso::fator::mudar(&stage.base.tenants, &stage.base.alfa, key, &ana, cmd).await
    };
    begin("passagem").await.unwrap_err();
    begin("telefone").await.unwrap();
}

/// The register and the unidades tell each other at night what is over.
#[tokio::test]
async fn what_one_of_the_two_does_not_say_any_more_goes_from_the_other() {
    let stage = Stage::new().await;
    let base = &stage.base;
    sign_in(base, &home(), ANA, SENHA).await.unwrap();
    let schema = base.alfa.names().schema();
    let own = text(base, &format!("SELECT conta_id::text FROM {schema}.usuario WHERE id = '{}'", stage.ana)).await;
    let boss = id_of(&stage.boss);
    let (pessoa, stale) = ("01900000-0000-7000-8000-00000000d001", "01900000-0000-7000-8000-00000000d002");
    let insert = |id: &str, unidade: &tenancy::Unidade, usuario: &str| {
        format!(
            "INSERT INTO platform.conta (id, pessoa_id, circulo_id, unidade_id, usuario_id, linked_at, last_used_at)
             VALUES ('{id}', '{pessoa}', '{id}', '{}', '{usuario}', now(), now());",
            unidade.id
        )
    };
    let other = "01900000-0000-7000-8000-00000000d003";
    base.execute(&format!(
        "INSERT INTO platform.pessoa (id, created_at) VALUES ('{pessoa}', now());
         {}
         INSERT INTO platform.pessoa (id, created_at) VALUES ('{other}', now());
         {}
         UPDATE {schema}.usuario SET conta_id = gen_random_uuid(), passagem = true WHERE id = '{boss}'",
        insert(&own, &base.alfa, &stage.ana.to_string()),
        insert(stale, &base.alfa, &boss.to_string()).replace(pessoa, other),
    ))
    .await;
    let module = acesso::module();
    let gates = Gates { tenants: base.tenants.clone(), registry: base.registry.clone(), platform: base.platform.clone() };
    let worker = Worker::new(gates, (module.jobs)(), (module.schedules)().unwrap(), Limits::default()).unwrap();
    worker.tick().await.unwrap();
    base.clock.advance(TimeDelta::days(1));
    worker.tick().await.unwrap();
    worker.drain().await.unwrap();
    assert_eq!(stage.stands().await, (true, true), "both say it");
    assert_eq!(base.number("SELECT count(*) FROM platform.conta").await, 1, "the unidade does not say it");
    assert_eq!(count(base, "usuario WHERE conta_id IS NOT NULL").await, 1, "the register does not have it");
}

/// The register alone: three unidades, an account in each.
struct Register {
    base: Base,
    unidades: [UnidadeId; 3],
    usuarios: [Uuid; 3],
    /// As the unidades say it.
    said: [(Option<Uuid>, bool); 3],
}

impl Register {
    async fn new() -> Self {
        let base = Base::new().await;
        let new = NewUnidade {
            slug: "gama".parse().unwrap(),
            codigo: "3.01".parse().unwrap(),
            nome: "SENAI gama".parse().unwrap(),
            placement: None,
            municipio_id: None,
            modules: vec![],
            admin_nome: "Ana".parse().unwrap(),
            admin_email: "ana@gama.example".parse().unwrap(),
        };
        let gate = base.platform.clone();
        let gama = base
            .platform
            .write(async move |tx: &mut PlatformTx| Provisioning::request(tx, &gate, &Actor::sistema(), new).await)
            .await
            .unwrap();
        base.execute("UPDATE platform.unidade SET status = 'active' WHERE slug = 'gama'").await;
        let usuarios = [1, 2, 3].map(Uuid::from_u128);
        Self { unidades: [base.alfa.id, base.beta.id, gama], usuarios, said: [(None, false); 3], base }
    }

    fn ponta(&self, n: usize) -> Ponta {
        let (conta_id, passagem) = self.said[n];
        Ponta { unidade: self.unidades[n], usuario: self.usuarios[n], conta_id, passagem }
    }

    /// Links two, as their unidades would say it then; whether it could be.
    async fn link(&mut self, a: usize, b: usize, leads: bool) -> bool {
        let two = [self.ponta(a), self.ponta(b)];
        let mut tx = self.base.platform.begin().await.unwrap();
        let ids = pessoa::vincular(&mut tx, &Actor::sistema(), two, leads).await.unwrap();
        let Some(ids) = ids else { return false };
        tx.commit().await.unwrap();
        for (n, id) in [a, b].into_iter().zip(ids) {
            self.said[n] = (Some(id), leads || (self.said[n].1 && self.said[n].0 == Some(id)));
        }
        true
    }

    /// Which of the others `n` sees, and into which of them it leads, as register and unidades say it.
    async fn sees(&self, n: usize) -> Vec<(usize, bool)> {
        let Some(id) = self.said[n].0 else { return Vec::new() };
        let own = Conta { id, unidade: self.unidades[n], usuario: self.usuarios[n] };
        let mut tx = self.base.platform.begin().await.unwrap();
        let all = pessoa::of(&mut tx, &own).await.unwrap();
        tx.rollback().await.unwrap();
        let place = |conta: &Conta| self.unidades.iter().position(|unidade| *unidade == conta.unidade).unwrap();
        let mut seen: Vec<_> = all
            .iter()
            .map(|one| (place(&one.conta), one))
            .filter(|(m, one)| *m != n && self.said[*m].0 == Some(one.conta.id))
            .map(|(m, one)| (m, one.leads && self.said[n].1 && self.said[m].1))
            .collect();
        seen.sort_unstable();
        seen
    }
}

/// Who reads the codes that an account is entered by links it to an account of their own, and comes no further than the list.
#[tokio::test]
async fn a_link_that_was_proved_by_half_leads_nobody_into_what_the_others_lead_to() {
    let mut all = Register::new().await;
    assert!(all.link(0, 2, true).await);
    assert!(all.link(1, 0, false).await, "the thief, of beta");
    assert_eq!(all.sees(1).await, [(0, false), (2, false)]);
    assert_eq!(all.sees(0).await, [(1, false), (2, true)], "the person goes on as before");
    // The thief proves alfa's account now, by a way in that they made themselves: alfa has taken it out of its passagens.
    all.said[0].1 = false;
    assert!(all.link(1, 0, true).await);
    assert_eq!(all.sees(1).await, [(0, true), (2, false)]);
    assert_eq!(all.sees(2).await, [(0, false), (1, false)]);
}

#[tokio::test]
async fn what_is_linked_at_both_ends_is_one_circulo_in_whichever_order() {
    let mut all = Register::new().await;
    assert!(all.link(0, 1, true).await && all.link(2, 1, true).await);
    assert_eq!(all.sees(0).await, [(1, true), (2, true)]);
    // Beta took its own out: the others stay; whoever links it again begins anew.
    all.said[1] = (None, false);
    assert_eq!(all.sees(0).await, [(2, true)]);
    assert!(all.link(1, 0, true).await);
    assert_eq!(all.sees(1).await, [(0, true), (2, true)]);
    // The last but one goes with the last.
    let own = |n: usize| Conta { id: all.said[n].0.unwrap(), unidade: all.unidades[n], usuario: all.usuarios[n] };
    for n in [0, 1] {
        let mut tx = all.base.platform.begin().await.unwrap();
        assert!(pessoa::desvincular(&mut tx, &Actor::sistema(), &own(n)).await.unwrap());
        assert!(!pessoa::desvincular(&mut tx, &Actor::sistema(), &own(n)).await.unwrap());
        tx.commit().await.unwrap();
    }
    assert_eq!(all.base.number("SELECT count(*) FROM platform.conta").await, 0);
    assert_eq!(all.base.number("SELECT count(*) FROM platform.pessoa").await, 0);
}

#[tokio::test]
async fn nobody_has_two_accounts_in_one_unidade() {
    let mut all = Register::new().await;
    assert!(all.link(0, 1, true).await);
    all.usuarios[1] = Uuid::from_u128(9);
    all.said[1] = (None, false);
    assert!(!all.link(1, 0, true).await, "another of beta");
    assert!(all.link(1, 2, true).await, "who is a person of their own");
    assert!(!all.link(2, 0, true).await, "and no more the same");
}
