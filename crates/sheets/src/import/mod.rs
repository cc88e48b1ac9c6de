//! What every import shares: which column of the file is which field, and how a raw cell becomes a value. Judging the
//! value is the entity's own business.

mod intake;
mod mapping;
mod value;

pub use intake::{Intake, Line, intake};
pub use mapping::{ColumnSpec, Guess, Repeated, guess};
pub use value::{boolean, cell_text, cnpj_text, date, decimal, integer, number_text, reais};

pub use crate::read::fold_label;
