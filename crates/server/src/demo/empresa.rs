//! Empresas that nobody has: everything in one follows from its number.

use kernel::{Cnpj, InvalidCnpj};

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
pub const PORTES: [&str; 5] = ["mei", "me", "epp", "medio", "grande"];
pub const SITUACOES: [&str; 4] = ["ativo", "inativo", "prospect", "estrategico"];

/// A fictitious empresa; everything in it follows from its number.
pub struct Empresa {
    pub number: u64,
    mix: u64,
}

impl Empresa {
    #[must_use]
    pub const fn new(number: u64) -> Self {
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

    #[must_use]
    pub fn nome(&self) -> String {
        format!("{} {} {} {} Ltda", self.pick(&WORDS, 0), self.pick(&WORDS, 1), self.pick(&WORDS, 2), self.mix % 100_000)
    }

    #[must_use]
    pub fn nome_fantasia(&self) -> String {
        format!("{} {}", self.pick(&WORDS, 0), self.pick(&WORDS, 3))
    }

    /// With the right check digits; no empresa of the world has it but by chance.
    ///
    /// # Errors
    /// None: every number has a root of eight digits.
    pub fn cnpj(&self) -> Result<Cnpj, InvalidCnpj> {
        // Odd and below the modulus: every number has a root of its own, and they are not in order.
        let root = self.number.wrapping_mul(48_271_337) % 100_000_000;
        Cnpj::from_base(&format!("{root:08}0001"))
    }

    #[must_use]
    pub fn inscricao_estadual(&self) -> String {
        format!("{:09}", self.mix % 1_000_000_000)
    }

    #[must_use]
    pub fn cnae(&self) -> String {
        format!("{:07}", 1_000_000 + self.mix % 8_000_000)
    }

    #[must_use]
    pub fn segmento(&self) -> &'static str {
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

    #[must_use]
    pub fn porte(&self) -> &'static str {
        self.pick(&PORTES, 5)
    }

    #[must_use]
    pub fn situacao(&self) -> &'static str {
        self.pick(&SITUACOES, 6)
    }

    #[must_use]
    pub fn email(&self) -> String {
        format!("contato{}@empresa{}.example", self.mix % 100, self.number)
    }

    /// As people write it.
    #[must_use]
    pub fn telefone(&self) -> String {
        format!("(47) 9{:04}-{:04}", 8000 + self.mix % 2000, self.mix % 10_000)
    }

    #[must_use]
    pub fn site(&self) -> String {
        format!("https://www.empresa{}.example", self.number)
    }

    #[must_use]
    pub fn cep(&self) -> String {
        format!("{:08}", 88_000_000 + self.mix % 1_999_999)
    }

    #[must_use]
    pub fn logradouro(&self) -> String {
        format!("Rua {} {}", self.pick(&WORDS, 7), self.pick(&WORDS, 8))
    }

    #[must_use]
    pub fn numero(&self) -> u64 {
        1 + self.mix % 4000
    }

    #[must_use]
    pub fn bairro(&self) -> &'static str {
        self.pick(&["Centro", "Glória", "Distrito Industrial", "Santa Cruz", "Anita Garibaldi"], 9)
    }

    #[must_use]
    pub fn municipio(&self) -> (&'static str, i32, &'static str) {
        self.pick(&MUNICIPIOS, 3)
    }

    #[must_use]
    pub fn contato(&self) -> &'static str {
        self.pick(&["Pedro Almeida", "Marina Souza", "João da Silva", "Beatriz Köhler", "Sebastião Ramos"], 2)
    }

    #[must_use]
    pub fn cargo(&self) -> &'static str {
        self.pick(&["Diretor comercial", "Compras", "Gerente industrial", "RH"], 1)
    }

    /// Days since 1 January 1900, as spreadsheets count them.
    #[must_use]
    pub fn fundacao(&self) -> u32 {
        25_000 + (self.mix % 20_000) as u32
    }

    /// Centavos.
    #[must_use]
    pub fn faturamento(&self) -> u64 {
        self.mix % 5_000_000_000
    }

    #[must_use]
    pub fn funcionarios(&self) -> u64 {
        self.mix % 900
    }

    #[must_use]
    pub fn observacoes(&self) -> String {
        format!("Cliente indicado por {}; retorno em {} dias.", self.contato(), self.mix % 90)
    }
}

/// A spreadsheet of as many, under the headings that an import recognises by itself.
///
/// # Errors
/// Those of [`Empresa::cnpj`].
pub fn planilha(count: u64) -> Result<Vec<u8>, InvalidCnpj> {
    let mut text = "CNPJ;Razão Social;Nome Fantasia;Inscrição Estadual;CNAE;Segmento;Porte;Status;E-mail;Telefone;Site;CEP;Logradouro;Número;Bairro;\
         Município;UF;Código IBGE;Responsável;Cargo;Faturamento Anual;Funcionários;Observações\n"
        .to_owned();
    for number in 0..count {
        let one = Empresa::new(number);
        let (cidade, codigo, uf) = one.municipio();
        let faturamento = format!("{},{:02}", one.faturamento() / 100, one.faturamento() % 100);
        let cells = [
            one.cnpj()?.to_string(),
            one.nome(),
            one.nome_fantasia(),
            one.inscricao_estadual(),
            one.cnae(),
            one.segmento().to_owned(),
            one.porte().to_owned(),
            one.situacao().to_owned(),
            one.email(),
            one.telefone(),
            one.site(),
            one.cep(),
            one.logradouro(),
            one.numero().to_string(),
            one.bairro().to_owned(),
            cidade.to_owned(),
            uf.to_owned(),
            codigo.to_string(),
            one.contato().to_owned(),
            one.cargo().to_owned(),
            faturamento,
            one.funcionarios().to_string(),
            format!("\"{}\"", one.observacoes()),
        ];
        text.push_str(&cells.join(";"));
        text.push('\n');
    }
    Ok(text.into_bytes())
}
