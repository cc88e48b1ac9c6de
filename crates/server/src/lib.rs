//! Composition: the modules, the processes and the one command line of the product.

pub mod cli;
pub mod demo;
mod dev;
pub mod house;
mod log;
pub mod migrate;
pub mod ops;
mod run;
pub mod settings;
