use std::sync::Arc;

use acesso::{
    Imagem,
    identidade::{AlterarIdentidade, AlterarIdentidadeError, MudancaLogo, alterar},
};
use kernel::{Actor, Lang, RequestMeta};
use tenancy::Unidade;
use testkit::Base;
use web::frame::{Cor, Habits, Theme};

use crate::house::{audited, count};

/// The smallest PNG there is: one transparent point.
const POINT: &str = "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b4944415478da636000020000050001e9fadcd80000000049454e44ae426082";

pub(crate) fn point() -> Vec<u8> {
    (0..POINT.len()).step_by(2).map(|i| u8::from_str_radix(&POINT[i..i + 2], 16).unwrap()).collect()
}

fn logo() -> Imagem {
    Imagem::logo(&point()).unwrap()
}

async fn fresh(base: &Base) -> Arc<Unidade> {
    base.registry.by_id(base.alfa.id).await.unwrap().unwrap()
}

async fn change(
    base: &Base,
    actor: &Actor,
    nome: &str,
    cores: Option<(Cor, Cor)>,
    logo: MudancaLogo,
    version: i32,
) -> Result<(), AlterarIdentidadeError> {
    let nome = nome.parse().unwrap();
    let cmd = AlterarIdentidade { nome, cores, logo, aparencia: Theme::default(), idioma: None, version };
    alterar(&base.tenants, &base.platform, &fresh(base).await, actor, cmd).await
}

/// S1-11.1, S1-11.2.
#[tokio::test]
async fn name_colours_and_logo_are_shown_everywhere_at_once() {
    let base = Base::new().await;
    let version = base.alfa.version;
    let (picture, cores) = (logo(), (Cor::new(0, 0x66, 0x33), Cor::new(0xff, 0xe0, 0)));
    change(&base, &Actor::sistema(), "SENAI Joinville Norte", Some(cores), MudancaLogo::Replace(picture.clone()), version)
        .await
        .unwrap();

    let unidade = fresh(&base).await;
    assert_eq!((unidade.nome.as_str(), unidade.version), ("SENAI Joinville Norte", version + 1));
    assert_eq!((unidade.tema.primaria.as_deref(), unidade.tema.destaque.as_deref()), (Some("#006633"), Some("#ffe000")));
    assert_eq!(unidade.tema.logo.as_ref(), Some(&picture.hash));
    assert_eq!(count(&base, &format!("logo WHERE hash = '{}'", picture.hash)).await, 1);
    assert_eq!(audited(&base, "unidade.identidade_alterada").await, 1);
    assert_eq!(
        base.number("SELECT count(*) FROM platform.auditoria WHERE action = 'unidade.editar'").await,
        1,
        "the register is the platform's"
    );

    change(&base, &Actor::sistema(), "SENAI Joinville Norte", None, MudancaLogo::Remove, version + 1).await.unwrap();
    let unidade = fresh(&base).await;
    assert_eq!(unidade.tema, tenancy::Tema::default());
    assert_eq!(count(&base, "logo").await, 0);
}

/// S1-11: what whoever chose nothing sees, on pages and in letters.
#[tokio::test]
async fn theme_and_language_of_whoever_chose_none_are_the_unidades() {
    let base = Base::new().await;
    let cmd = |aparencia, idioma, version| AlterarIdentidade {
        nome: base.alfa.nome.parse().unwrap(),
        cores: None,
        logo: MudancaLogo::Keep,
        aparencia,
        idioma,
        version,
    };
    let change = async |cmd| alterar(&base.tenants, &base.platform, &fresh(&base).await, &Actor::sistema(), cmd).await.unwrap();
    assert_eq!(Habits::of(&base.alfa.tema), Habits::default());
    change(cmd(Theme::Escuro, Some(Lang::En), base.alfa.version)).await;
    let unidade = fresh(&base).await;
    assert_eq!(Habits::of(&unidade.tema), Habits { lang: Some(Lang::En), theme: Theme::Escuro });
    assert_eq!((unidade.lang(None), unidade.lang(Some("pt-BR")), unidade.lang(Some("xx"))), (Lang::En, Lang::PtBr, Lang::En));
    change(cmd(Theme::Sistema, None, unidade.version)).await;
    assert_eq!(fresh(&base).await.tema, tenancy::Tema::default());
}

#[tokio::test]
async fn two_who_change_it_do_not_overwrite_each_other() {
    let base = Base::new().await;
    let version = base.alfa.version;
    change(&base, &Actor::sistema(), "Um", None, MudancaLogo::Keep, version).await.unwrap();
    let late = change(&base, &Actor::sistema(), "Dois", None, MudancaLogo::Keep, version).await;
    assert!(matches!(late, Err(AlterarIdentidadeError::Stale)), "{late:?}");
    assert_eq!(fresh(&base).await.nome, "Um");
    assert_eq!(audited(&base, "unidade.identidade_alterada").await, 1);
}

#[tokio::test]
async fn it_needs_the_permission_and_changes_nothing_without() {
    let base = Base::new().await;
    let before = base.fingerprint(&base.alfa).await;
    let nobody = Actor::anonimo(RequestMeta::default());
    let refused = change(&base, &nobody, "Outro", None, MudancaLogo::Replace(logo()), base.alfa.version).await;
    assert!(matches!(refused, Err(AlterarIdentidadeError::Denied(_))));
    assert_eq!(base.fingerprint(&base.alfa).await, before);
    // What is as it was is no change.
    change(&base, &Actor::sistema(), &base.alfa.nome, None, MudancaLogo::Keep, base.alfa.version).await.unwrap();
    assert_eq!(fresh(&base).await.version, base.alfa.version);
}
