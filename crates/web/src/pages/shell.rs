//! What stands around every page: navigation, languages, the exercise's warning, what the page is
//! true of.

use ensign_trust::Realm;

use crate::answer::AsOf;
use crate::assets;
use crate::fault::Fault;
use crate::i18n::Locale;
use crate::pages::words::Words;
use crate::read::Reader;

/// A part of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Here {
    Front,
    Incidents,
    Source(String),
    Log,
    Assets,
    Emblems,
    Authorities,
    Deadlines,
    Accords,
    Attest,
    Verify,
    People,
    Nowhere,
}

/// What stands around a page.
pub(crate) struct Shell {
    /// The language.
    pub(crate) locale: Locale,
    /// Which part of the site this is.
    pub(crate) here: Here,
    /// The address behind the language, with its question; the same in every language.
    pub(crate) place: String,
    /// The address of the page's other forms, up to their extension, and what follows it.
    pub(crate) forms: Option<(String, String)>,
    /// What the page is true of; absent where the node could not be read.
    pub(crate) as_of: Option<AsOf>,
    /// What the node's operator is called.
    pub(crate) operator: Option<String>,
    /// Name of the exercise, if this is one.
    pub(crate) exercise: Option<String>,
    /// Codes of the sources.
    pub(crate) sources: Vec<String>,
}

impl Shell {
    /// Around a page at `place`, which begins with a slash.
    pub(crate) fn new(
        reader: &Reader<'_>,
        locale: Locale,
        here: Here,
        place: String,
    ) -> Result<Self, Fault> {
        Ok(Shell {
            locale,
            here,
            forms: None,
            place,
            as_of: Some(reader.as_of.clone()),
            operator: reader.name(reader.node().operator())?,
            exercise: match reader.node().realm() {
                Realm::Exercise(name) => Some(name.to_string()),
                Realm::Real => None,
            },
            sources: reader
                .front
                .sources
                .iter()
                .map(|it| it.source.to_string())
                .collect(),
        })
    }

    /// Around the page of a fault when the node cannot be read.
    pub(crate) fn bare(locale: Locale, place: String, realm: &Realm) -> Self {
        Shell {
            locale,
            here: Here::Nowhere,
            place,
            forms: None,
            as_of: None,
            operator: None,
            exercise: match realm {
                Realm::Exercise(name) => Some(name.to_string()),
                Realm::Real => None,
            },
            sources: Vec::new(),
        }
    }

    /// With links to the page as JSON and CSV at this address, the question kept.
    pub(crate) fn with_forms(mut self, stem: &str) -> Self {
        let query = self
            .place
            .split_once('?')
            .map_or(String::new(), |(_, query)| format!("?{query}"));
        self.forms = Some((format!("/{}{stem}", self.locale.code()), query));
        self
    }

    pub(crate) fn words(&self) -> Words {
        Words::of(self.locale, self.exercise.is_some())
    }

    /// The address of this page without its question.
    pub(crate) fn path(&self) -> String {
        let place = self.place.split('?').next().unwrap_or_default();
        format!("/{}{place}", self.locale.code())
    }

    pub(crate) fn stylesheet(&self) -> &'static str {
        assets::stylesheet()
    }

    /// The script that asks a browser for passkeys.
    pub(crate) fn script(&self) -> &'static str {
        assets::script()
    }

    /// Whether this is the page of that source.
    pub(crate) fn is_source(&self, source: &str) -> bool {
        matches!(&self.here, Here::Source(here) if here == source)
    }
}
