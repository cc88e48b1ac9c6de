//! acesso
