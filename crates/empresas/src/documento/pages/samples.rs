//! For the test that renders every page.

use documentos::documento::{Documento, Versao};
use files::{FileKind, FileName};
use kernel::{Id, Invalid};
use uuid::Uuid;
use web::{forms::FormState, frame::Frame};

use super::{DocumentoPage, DocumentosPage, May, size};
use crate::empresa::{EmpresaId, pages::header::Header};

fn documento(frame: &Frame, nome: &str, pasta: &str, n: i32) -> Documento {
    let nome = FileName::clean(nome).unwrap();
    let versao = Versao {
        number: n,
        arquivo: Id::new(Uuid::nil()),
        kind: nome.kind().unwrap(),
        bytes: 1_468_006,
        sha256: vec![0xab; 32],
        miniatura: nome.kind().is_some_and(FileKind::is_image),
        nome: nome.clone(),
        actor_nome: "Marina <b>Costa</b>".to_owned(),
        created_at: frame.now,
    };
    Documento {
        id: Id::new(Uuid::nil()),
        pasta: pasta.parse().unwrap(),
        nome,
        versao,
        version: 1,
        created_at: frame.now,
        updated_at: frame.now,
        deleted_at: None,
    }
}

const EMPRESA: (EmpresaId, &str) = (EmpresaId::new(Uuid::nil()), "Metalúrgica <b>Aurora</b>");

impl DocumentosPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let may = May { enviar: true, excluir: true };
        let one = |nome: &str, pasta: &str| documento(frame, nome, pasta, 1);
        let many = [one("planta.png", ""), one("contrato.pdf", "\"><script>"), one("nota.xlsx", "\"><script>")];
        let longest = [one(&format!("{}.docx", "relatório ".repeat(40)), &"ç".repeat(60))];
        let mut refused = FormState::new().with("pasta", "a/b");
        refused.fail("pasta", Invalid::new("pasta-level"));
        refused.fail_form("<b>Aurora</b>.exe: não".to_owned());
        let page = |form: FormState, documentos: &[Documento], trashed: bool, may: May| {
            Self::new(frame.clone(), form, EMPRESA, documentos, 16 << 20, trashed, may)
        };
        vec![
            ("empty", page(FormState::new(), &[], false, may)),
            ("tab", page(FormState::new(), &many, false, may).headed(Some(Header::sample(frame, true, false)))),
            ("many", page(FormState::new(), &many, false, May::default())),
            ("longest", page(FormState::new(), &longest, false, may)),
            ("refused", page(refused, &many, false, may)),
            ("trash", page(FormState::new(), &many, true, may)),
        ]
    }
}

impl DocumentoPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |nome: &str, n: i32, may: May| {
            let documento = documento(frame, nome, "Contratos", n);
            let versoes: Vec<_> = (1..=n).rev().map(|n| Versao { number: n, ..documento.versao.clone() }).collect();
            Self::new(frame.clone(), None, EMPRESA, &documento, &versoes, 16 << 20, may)
        };
        vec![
            ("picture", page("fachada.png", 1, May { enviar: true, excluir: true })),
            ("many versões", page("contrato.pdf", 30, May::default())),
        ]
    }
}

#[test]
fn sizes_are_said_as_people_say_them() {
    let frame = Frame::samples().remove(0);
    let said = |bytes| size(&frame, bytes).replace(',', ".");
    assert_eq!([said(0), said(1023), said(1024), said(1_468_006), said(16 << 20)], ["0 B", "1023 B", "1 KB", "1.4 MB", "16 MB"]);
}
