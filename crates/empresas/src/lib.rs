//! empresas
