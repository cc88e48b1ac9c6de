//! Empresas by the thousand, the same at every run.

use std::fmt::Write;

use anyhow::Result;
use kernel::Cnpj;
use tenancy::Unidade;

use crate::pg::Server;

const WORDS: [&str; 24] = [
    "Aurora",
    "Metalúrgica",
    "Têxtil",
    "Catarinense",
    "Irmãos",
    "Fundição",
    "Plásticos",
    "Estrela",
    "São",
    "Bento",
    "Norte",
    "Móveis",
    "Cerâmica",
    "Precisão",
    "Alimentos",
    "Litoral",
    "Serrana",
    "União",
    "Águas",
    "Horizonte",
    "Usinagem",
    "Tintas",
    "Malhas",
    "Engenharia",
];
/// Name, IBGE code, UF.
const MUNICIPIOS: [(&str, i32, &str); 8] = [
    ("Joinville", 4_209_102, "SC"),
    ("Blumenau", 4_202_404, "SC"),
    ("Chapecó", 4_204_202, "SC"),
    ("Jaraguá do Sul", 4_208_906, "SC"),
    ("Curitiba", 4_106_902, "PR"),
    ("Londrina", 4_113_700, "PR"),
    ("Caxias do Sul", 4_305_108, "RS"),
    ("São Paulo", 3_550_308, "SP"),
];
pub(crate) const PORTES: [&str; 5] = ["mei", "me", "epp", "medio", "grande"];
pub(crate) const SITUACOES: [&str; 4] = ["ativo", "inativo", "prospect", "estrategico"];

/// A fictitious empresa; everything in it follows from its number.
pub(crate) struct Empresa {
    pub number: u64,
    mix: u64,
}

impl Empresa {
    pub(crate) const fn new(number: u64) -> Self {
        // splitmix64: neighbours have nothing in common.
        let mut mix = number.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mix ^= mix >> 27;
        mix = mix.wrapping_mul(0x94d0_49bb_1331_11eb);
        Self { number, mix: mix ^ (mix >> 31) }
    }

    /// One of `choices`, another for each `purpose`.
    fn pick<T: Copy>(&self, choices: &[T], purpose: u32) -> T {
        #[expect(clippy::cast_possible_truncation, reason = "less than a length")]
        let which = (self.mix.rotate_left(purpose * 7) % choices.len() as u64) as usize;
        choices[which]
    }

    pub(crate) fn nome(&self) -> String {
        format!("{} {} {} {} Ltda", self.pick(&WORDS, 0), self.pick(&WORDS, 1), self.pick(&WORDS, 2), self.mix % 100_000)
    }

    pub(crate) fn nome_fantasia(&self) -> String {
        format!("{} {}", self.pick(&WORDS, 0), self.pick(&WORDS, 3))
    }

    pub(crate) fn cnpj(&self) -> Result<Cnpj> {
        // Odd and below the modulus: every number has a root of its own, and they are not in order.
        let root = self.number.wrapping_mul(48_271_337) % 100_000_000;
        Ok(Cnpj::from_base(&format!("{root:08}0001"))?)
    }

    pub(crate) fn inscricao_estadual(&self) -> String {
        format!("{:09}", self.mix % 1_000_000_000)
    }

    pub(crate) fn cnae(&self) -> String {
        format!("{:07}", 1_000_000 + self.mix % 8_000_000)
    }

    pub(crate) fn segmento(&self) -> &'static str {
        self.pick(
            &[
                "Metalmecânica",
                "Têxtil e vestuário",
                "Químico",
                "Moveleiro",
                "Alimentos e bebidas",
                "Cerâmica",
                "Serviços",
                "Automotivo",
            ],
            4,
        )
    }

    pub(crate) fn porte(&self) -> &'static str {
        self.pick(&PORTES, 5)
    }

    pub(crate) fn situacao(&self) -> &'static str {
        self.pick(&SITUACOES, 6)
    }

    pub(crate) fn email(&self) -> String {
        format!("contato{}@empresa{}.example", self.mix % 100, self.number)
    }

    /// As people write it.
    pub(crate) fn telefone(&self) -> String {
        format!("(47) 9{:04}-{:04}", 8000 + self.mix % 2000, self.mix % 10_000)
    }

    pub(crate) fn site(&self) -> String {
        format!("https://www.empresa{}.example", self.number)
    }

    pub(crate) fn cep(&self) -> String {
        format!("{:08}", 88_000_000 + self.mix % 1_999_999)
    }

    pub(crate) fn logradouro(&self) -> String {
        format!("Rua {} {}", self.pick(&WORDS, 7), self.pick(&WORDS, 8))
    }

    pub(crate) fn numero(&self) -> u64 {
        1 + self.mix % 4000
    }

    pub(crate) fn bairro(&self) -> &'static str {
        self.pick(&["Centro", "Glória", "Distrito Industrial", "Santa Cruz", "Anita Garibaldi"], 9)
    }

    pub(crate) fn municipio(&self) -> (&'static str, i32, &'static str) {
        self.pick(&MUNICIPIOS, 3)
    }

    pub(crate) fn contato(&self) -> &'static str {
        self.pick(&["Pedro Almeida", "Marina Souza", "João da Silva", "Beatriz Köhler", "Sebastião Ramos"], 2)
    }

    pub(crate) fn cargo(&self) -> &'static str {
        self.pick(&["Diretor comercial", "Compras", "Gerente industrial", "RH"], 1)
    }

    /// Days since 1 January 1900, as spreadsheets count them.
    pub(crate) fn fundacao(&self) -> u32 {
        25_000 + (self.mix % 20_000) as u32
    }

    /// Centavos.
    pub(crate) fn faturamento(&self) -> u64 {
        self.mix % 5_000_000_000
    }

    pub(crate) fn funcionarios(&self) -> u64 {
        self.mix % 900
    }

    pub(crate) fn observacoes(&self) -> String {
        format!("Cliente indicado por {}; retorno em {} dias.", self.contato(), self.mix % 90)
    }
}

pub(crate) const COPY: &str = "COPY empresa (id, nome, nome_fantasia, cnpj, inscricao_estadual, cnae, segmento_id, porte, situacao, email, telefone, site, cep,
    logradouro, numero, bairro, municipio_id, cidade, uf, contato_nome, contato_cargo, data_fundacao, faturamento, funcionarios, observacoes,
    data_cadastro, created_at, updated_at) FROM STDIN";

/// A line for [`COPY`].
pub(crate) fn line(text: &mut String, empresa: &Empresa, segmentos: &[(String, String)]) -> Result<()> {
    let (cidade, codigo, uf) = empresa.municipio();
    let segmento = segmentos.iter().find(|(nome, _)| nome == empresa.segmento()).map_or("\\N", |(_, id)| id);
    let telefone: String = empresa.telefone().chars().filter(char::is_ascii_digit).collect();
    let fundacao = chrono::NaiveDate::from_ymd_opt(1899, 12, 30)
        .and_then(|zero| zero.checked_add_days(chrono::Days::new(empresa.fundacao().into())));
    // Ids rise as those of the product do, and their times with them.
    let number = u128::from(empresa.number);
    let id = uuid::Uuid::from_u128(((0x0192_0000_0000 + number) << 80) + (0x7000_8000 << 48) + number);
    writeln!(
        text,
        "{id}\t{}\t{}\t{}\t{}\t{}\t{segmento}\t{}\t{}\t{}\t+55{telefone}\t{}\t{}\t{}\t{}\t{}\t{codigo}\t{cidade}\t{uf}\t{}\t{}\t{}\t{}.{:02}\t{}\t{}\t2026-01-02\t\
         2026-01-02 12:00:00+00\t2026-01-02 12:00:00+00",
        empresa.nome(),
        empresa.nome_fantasia(),
        empresa.cnpj()?.as_str(),
        empresa.inscricao_estadual(),
        empresa.cnae(),
        empresa.porte(),
        empresa.situacao(),
        empresa.email(),
        empresa.site(),
        empresa.cep(),
        empresa.logradouro(),
        empresa.numero(),
        empresa.bairro(),
        empresa.contato(),
        empresa.cargo(),
        fundacao.unwrap_or_default(),
        empresa.faturamento() / 100,
        empresa.faturamento() % 100,
        empresa.funcionarios(),
        empresa.observacoes(),
    )?;
    Ok(())
}

/// Gives a unidade `count` empresas and has the server know them.
pub(crate) async fn fill(server: &Server, unidade: &Unidade, count: u64) -> Result<()> {
    copy(server, unidade, count).await?;
    let mut superuser = server.connect().await?;
    superuser.run(format!("VACUUM ANALYZE {}.empresa", unidade.names().schema())).await?;
    superuser.close().await
}

/// Copies `count` empresas into a unidade; answers the seconds of the COPY alone.
pub(crate) async fn copy(server: &Server, unidade: &Unidade, count: u64) -> Result<f64> {
    let mut superuser = server.connect().await?;
    superuser.run(format!("SET search_path = {}, pg_temp", unidade.names().schema())).await?;
    let segmentos =
        superuser.text("SELECT coalesce(string_agg(nome || E'\\t' || id, E'\\n'), '') FROM segmento".to_owned()).await?;
    let segmentos: Vec<(String, String)> =
        segmentos.lines().filter_map(|line| line.split_once('\t')).map(|(nome, id)| (nome.to_owned(), id.to_owned())).collect();
    let mut chunks = Vec::new();
    for start in (0..count).step_by(1000) {
        let mut text = String::new();
        for number in start..count.min(start + 1000) {
            line(&mut text, &Empresa::new(number), &segmentos)?;
        }
        chunks.push(text.into_bytes());
    }
    let began = std::time::Instant::now();
    superuser.copy(COPY, chunks.into_iter()).await?;
    let seconds = began.elapsed().as_secs_f64();
    superuser.close().await?;
    Ok(seconds)
}
