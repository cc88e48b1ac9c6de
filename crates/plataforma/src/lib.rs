//! plataforma
