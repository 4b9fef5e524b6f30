//! The scales on which texts measure an indicator. What lies on none of them can never count.

use std::fmt;

use ensign_trust::Coded;

use super::decide::{PART, Refusal};
use super::statement::Act;
use crate::evaluate::Accord;
use crate::term::ast::{IndicatorRule, Number, Setting};
use crate::term::name::Indicator;

/// The lowest and the highest value that a sample can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The lowest.
    pub lowest: Number,
    /// The highest.
    pub highest: Number,
}

/// The scales of one indicator in all texts that name it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scales(Vec<Scale>);

impl Scale {
    fn ends(self) -> [i64; 2] {
        [self.lowest, self.highest].map(|end| match end {
            Number::Integer(number) | Number::Share(number) => number,
        })
    }

    /// How far a value lies off it.
    fn distance(self, value: i64) -> u64 {
        let [lowest, highest] = self.ends();
        value.abs_diff(value.clamp(lowest, highest.max(lowest)))
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [lowest, highest] = [self.lowest, self.highest].map(Setting::Number);
        write!(f, "{lowest} .. {highest}")
    }
}

impl Scales {
    /// Those of an indicator, in the order of the log.
    pub fn of(accord: &Accord, indicator: &Indicator) -> Self {
        let rules = accord.texts.iter();
        let rules = rules.filter_map(|text| text.instrument.indicator(indicator));
        let scale = |rule: &IndicatorRule| Scale {
            lowest: rule.lowest,
            highest: rule.highest,
        };
        Scales(rules.map(scale).collect())
    }

    /// The scale that a value misses by the least; nothing where it lies on one, or there is none.
    pub fn missed(&self, value: i64) -> Option<Scale> {
        let scales = self.0.iter().copied();
        let nearest = scales.min_by_key(|scale| scale.distance(value));
        nearest.filter(|scale| scale.distance(value) > 0)
    }
}

/// Refuses an act that gives a value off every scale of its indicator.
pub fn on_scale(accord: &Accord, act: &Act) -> Result<(), Refusal> {
    let (indicator, values) = match act {
        Act::Attested(said) => {
            let value = i64::try_from(said.percent * PART).ok();
            (said.indicator.clone(), value.into_iter().collect())
        }
        Act::Lodged(said) => {
            let mut fields = said.fields.iter();
            let value = fields.find_map(|(name, value)| match value {
                Coded::Int(number) if name == "value" => i64::try_from(*number).ok(),
                _ => None,
            });
            let indicator = Indicator::new(said.kind.as_code().as_str());
            let Ok(indicator) = indicator else {
                return Ok(());
            };
            (indicator, Vec::from_iter(value))
        }
        Act::Sampled(said) => {
            let values = said.values.iter().flatten().copied();
            (said.indicator.clone(), values.collect())
        }
        _ => return Ok(()),
    };
    let scales = Scales::of(accord, &indicator);
    match values.iter().find_map(|value| scales.missed(*value)) {
        Some(scale) => Err(Refusal::OffScale { indicator, scale }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;
    use crate::evaluate::accord::Text;
    use crate::fact::{Attested, Lodged};
    use crate::term::canonical::{Published, Sources};
    use crate::term::name::Kind;
    use crate::term::parse;

    /// One text for each scale.
    fn measured(scales: &[&str]) -> Accord {
        let text = |scale: &&str| {
            let text = format!(
                "instrument one {{ force treaty in_force 2027-01-01 .. open indicator level scale {scale} every PT1H \
                 term T {{ owes state declare \"It measures.\" }} }}"
            );
            let instrument = parse(&text).unwrap().instrument;
            let sources = Sources {
                zones: &|_| None,
                holidays: &|_| None,
                horizon: date(2030, 1, 1),
            };
            let published = Published::compile(instrument, &sources).unwrap();
            Text {
                digest: published.digest(),
                position: 0,
                instrument: published.instrument,
                calendars: BTreeMap::new(),
            }
        };
        Accord {
            texts: scales.iter().map(text).collect(),
            ..Accord::default()
        }
    }

    fn level() -> Indicator {
        Indicator::new("level").unwrap()
    }

    #[test]
    fn a_value_is_off_only_where_it_lies_on_the_scale_of_no_text() {
        let missed = |scales: &[&str], value| {
            let scales = Scales::of(&measured(scales), &level());
            scales.missed(value).map(|scale| scale.to_string())
        };
        assert_eq!(missed(&[], 12), None);
        assert_eq!(missed(&["0% .. 100%"], 10_000), None);
        assert_eq!(missed(&["0% .. 100%"], 10_001).unwrap(), "0% .. 100%");
        assert_eq!(missed(&["0 .. 10", "20 .. 30"], 25), None);
        assert_eq!(missed(&["0 .. 10", "20 .. 30"], 18).unwrap(), "20 .. 30");
        assert_eq!(
            missed(&["-5 .. 10", "20 .. 30"], i64::MIN).unwrap(),
            "-5 .. 10"
        );
    }

    #[test]
    fn no_act_gives_a_value_off_every_scale() {
        let attested = |percent| {
            Act::Attested(Attested {
                indicator: level(),
                about: ensign_trust::Code::literal("clinic-7"),
                percent,
                from: 0,
                until: 1,
                replaces: None,
            })
        };
        let lodged = |kind: &str, value: i64| {
            Act::Lodged(Lodged {
                kind: Kind::new(kind).unwrap(),
                about: None,
                to: None,
                valid: [0, 0],
                fields: [(
                    ensign_trust::Code::literal("value"),
                    Coded::Int(value.into()),
                )]
                .into(),
                grade: None,
                cites: Vec::new(),
                replaces: None,
            })
        };
        let accord = measured(&["0 .. 10"]);
        let refused = Err(Refusal::OffScale {
            indicator: level(),
            scale: Scale {
                lowest: Number::Integer(0),
                highest: Number::Integer(10),
            },
        });
        assert_eq!(on_scale(&accord, &attested(25)), refused);
        assert_eq!(on_scale(&accord, &lodged("level", 11)), refused);
        assert_eq!(on_scale(&accord, &lodged("level", 10)), Ok(()));
        assert_eq!(on_scale(&accord, &lodged("depth", 11)), Ok(()));
        assert_eq!(on_scale(&measured(&["0% .. 100%"]), &attested(25)), Ok(()));
    }
}
