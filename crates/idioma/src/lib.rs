//! idioma
