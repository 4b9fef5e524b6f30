//! Verifying an ENDORSED set of three tokens, for each algorithm, beside the bare checks of the same
//! signatures; and emblems in DNS beside an echo.

use anyhow::{Result, ensure};
use ensign_mark::EmblemKey;
use ensign_mark::commitment::Evidence;
use ensign_mark::key::Algorithm;
use ensign_mark::policy::{Judgement, Outcome, Policy};
use ensign_mark::token::Reading;
use ensign_mark::verify::{Rule, TokenSet, VerifiedChains, verify, verify_with};
use sha2::{Digest as _, Sha256};

use crate::dns;
use crate::endorsed::{Bare, Endorsed};
use crate::measure::{ROUNDS, thread_cpu};
use crate::place::{SEED, TIME};
use crate::report::{Duty, Report};

/// How much a verification may cost, by what its signatures do.
const MOST: f64 = 1.2;
/// Endorsements that are remembered.
const REMEMBERED: usize = 1024;
/// Processor seconds, at least, for each figure of a round.
const LONG_ENOUGH: f64 = 0.2;

/// What the protocol's reference implementation was measured at on another occasion: it is quoted,
/// not run here.
const REFERENCE: [&str; 3] = [
    "quoted, not of this run: the reference (adem-proto 47f0e3c, Go, JWS), sets a CPU-second on one core:",
    "  emblem and endorsement under a trusted key ES256 2382, ES384 687, ES512 282;",
    "  ENDORSED, three tokens ES512 and six requests to a CT log on loopback 156 (with the log's CPU)",
];

/// Measures.
pub fn run(report: &mut Report) -> Result<()> {
    let sets: Vec<_> = Algorithm::ALL
        .into_iter()
        .map(Endorsed::new)
        .collect::<Result<_>>()?;
    let mut hash = Sha256::new();
    sets.iter().for_each(|it| it.hash(&mut hash));
    report.data(
        "an ENDORSED set of three CWT for each of four algorithms",
        SEED,
        hash.finalize().into(),
    );
    report.note(
        "cold: tokens, keys, certificates and log key read from bytes, three signatures, and for two",
    );
    report.note(
        "  commitments a certificate's and a log's signature, both ES256; cold_all: beside all seven;",
    );
    report.note("warm: tokens read from bytes, keys and evidence at hand, chains known");
    for (algorithm, set) in Algorithm::ALL.into_iter().zip(&sets) {
        set.measure(report, &algorithm.jose().to_lowercase())?;
    }
    REFERENCE.iter().for_each(|line| report.note(line));
    dns::run(report)
}

impl Endorsed {
    fn measure(&self, report: &mut Report, name: &str) -> Result<()> {
        let keys: Vec<_> = self.read_keys()?;
        let (evidence, policy) = (self.read_evidence()?, Policy::default());
        let mut chains = VerifiedChains::new(REMEMBERED);
        let mut warm = || -> Result<Judgement> {
            let set = self.read(&self.tokens, keys.clone())?;
            Ok(verify_with(&set, &evidence, &policy, TIME, &mut chains))
        };
        let cold = || self.verify_cold(&self.tokens, &policy);
        for judgement in [cold()?, warm()?, warm()?] {
            ensure!(
                is_endorsed(&judgement),
                "{name}: a right set is {judgement:?}"
            );
        }
        for at in 0..self.tokens.len() {
            let mut tokens = self.tokens.clone();
            if let Some(last) = tokens[at].last_mut() {
                *last ^= 1;
            }
            let judgement = self.verify_cold(&tokens, &policy)?;
            let is_right = match (at, &judgement.outcome) {
                (0, Outcome::Invalid(broken)) => broken.rule == Rule::Signature,
                (1, Outcome::Invalid(broken)) => broken.rule == Rule::NoChain,
                // An authority's endorsement that does not count never voids the set.
                (_, outcome) => {
                    at == 2
                        && *outcome == Outcome::Met
                        && judgement.report.results() == ["SIGNED", "ORGANIZATIONAL"]
                }
            };
            ensure!(
                is_right,
                "{name}: with token {at} altered the set is {judgement:?}"
            );
        }
        let check = |all: &[Bare]| -> Result<()> {
            ensure!(all.iter().all(Bare::is_good), "a bare signature is bad");
            Ok(())
        };
        let (mut against_own, mut against_all, mut against_one) = (vec![], vec![], vec![]);
        for _ in 0..ROUNDS {
            let cold = cost(|| {
                ensure!(is_endorsed(&cold()?), "a cold set is not ENDORSED");
                Ok(())
            })?;
            let own = cost(|| check(&self.signatures))?;
            let evidence = cost(|| check(&self.evidence))?;
            let warm = cost(|| {
                ensure!(is_endorsed(&warm()?), "a warm set is not ENDORSED");
                Ok(())
            })?;
            let one = cost(|| check(&self.signatures[..1]))?;
            against_own.push((cold, own));
            against_all.push((cold, own + evidence));
            against_one.push((warm, one));
        }
        let row = |kind| format!("{name}.{kind}");
        let mut put =
            |kind, rounds, bound| report.costs(&row(kind), rounds, bound, MOST, Duty::Aim);
        put("cold", &against_own, "its three bare checks");
        put("cold_all", &against_all, "all seven bare checks");
        put("warm", &against_one, "one bare check");
        Ok(())
    }

    fn verify_cold(&self, tokens: &[Vec<u8>], policy: &Policy) -> Result<Judgement> {
        let set = self.read(tokens, self.read_keys()?)?;
        Ok(verify(&set, &self.read_evidence()?, policy, TIME))
    }

    fn read(&self, tokens: &[Vec<u8>], keys: Vec<EmblemKey>) -> Result<TokenSet> {
        let tokens = tokens.iter().map(Vec::as_slice);
        Ok(TokenSet::read(tokens, keys, Reading::Strict)?)
    }

    fn read_keys(&self) -> Result<Vec<EmblemKey>> {
        let keys = self.keys.iter();
        Ok(keys
            .map(|it| EmblemKey::from_cose(it))
            .collect::<Result<_, _>>()?)
    }

    fn read_evidence(&self) -> Result<Evidence> {
        let mut evidence = Evidence::default();
        evidence.add_log_key(None, &self.log_key)?;
        for chain in &self.chains {
            evidence.add_chain(&chain.each_ref().map(Vec::as_slice))?;
        }
        Ok(evidence)
    }
}

fn is_endorsed(judgement: &Judgement) -> bool {
    judgement.outcome == Outcome::Met
        && judgement.report.results() == ["SIGNED", "ORGANIZATIONAL", "ENDORSED"]
}

/// Microseconds of processor that something takes.
fn cost(mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let (before, mut count) = (thread_cpu(), 0);
    loop {
        // The clock costs a fraction of a microsecond.
        for _ in 0..8 {
            work()?;
        }
        count += 8;
        let spent = thread_cpu() - before;
        if spent >= LONG_ENOUGH {
            return Ok(spent * 1e6 / f64::from(count));
        }
    }
}
