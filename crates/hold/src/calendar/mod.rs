//! Calendars: civil days, months and working days as a function of Unix seconds.
