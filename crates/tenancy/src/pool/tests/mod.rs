mod guard;
mod places;
