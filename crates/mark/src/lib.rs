//! Protected assets, digital emblems and the offline register.
