//! Documentos that people keep with a record of any module: an empresa today, a visita or a demanda later (U-9).
//!
//! It stands on floor 4, above the store (`files`) and the queue and below every module that has records; who may do what is
//! the owner's to say, so it knows no permission, no route and no page. A module proves access to its record and hands in a
//! [`Dono`]; everything here happens below that record and nowhere else.

pub mod arquivo;
pub mod documento;
mod sweep;

pub use sweep::{handlers, schedules};
