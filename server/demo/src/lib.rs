//! The sample company: about 400 people, 12 applications and two years of history.
//!
//! Everything is made through the use cases, by people who sign in and may do what they do, with a clock of the story's
//! own; so history, log and checkpoints are as real as those of any other database. Nothing is written past the
//! services. The story depends on the present day alone; passwords and salts come from real randomness.

mod catalogue;
mod clock;
mod company;
mod dice;
mod passphrase;
mod plan;
mod play;

use std::sync::Arc;

use domain::context::Entropy;
use domain::time::{Instant, SECOND};
use jiff::tz::TimeZone;
use proof::checkpoint::SigningKey;
use service::clock::SystemEntropy;
use service::{Error, Parts, Result, Service, Store};

use clock::StoryClock;
use plan::Plan;
use plan::act::Who;
use play::Player;

/// With what somebody of the sample company signs in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Name.
    pub display_name: String,
    /// Sign-in name.
    pub username: String,
    /// Password: random, and known nowhere else.
    pub password: String,
}

/// Shows no password.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// One account for each way to see the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// May do everything.
    pub administrator: Account,
    /// Has reports and no right in the console.
    pub manager: Account,
    /// One of the manager's reports.
    pub employee: Account,
    /// Reads everything and changes nothing.
    pub auditor: Account,
}

/// Makes the company in an empty database, as it is at `now`. `signer` signs the checkpoints on the way; `progress` is
/// told of each quarter of a year that begins.
///
/// Every act is a transaction of its own: a company that was interrupted stays half-made, and cannot be continued.
pub async fn build(
    store: Store,
    signer: SigningKey,
    public_url: &str,
    now: Instant,
    progress: impl Fn(&str),
) -> Result<Accounts> {
    let zone = TimeZone::get(company::ZONE)
        .map_err(|error| Error::Internal(format!("the sample company's time zone: {error}")))?;
    let plan = plan::make(now, zone);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let begin = plan.acts.first().map_or(now, |first| first.at);
    let clock = Arc::new(StoryClock::at(begin));
    let service = Service::new(Parts {
        store,
        clock: Arc::clone(&clock) as Arc<dyn domain::context::Clock>,
        entropy: Arc::clone(&entropy),
        signer,
        public_url: public_url.to_owned(),
        hashing_threads: 1,
        post: None,
    });
    if service.organisation().await?.is_some() {
        return Err(Error::Refused(
            "This database has an organisation already. The sample company needs an empty one."
                .to_owned(),
        ));
    }
    let mut player = Player::new(&plan, service, clock, entropy);
    // A little before the present: what is recorded must not lie in the future of whoever opens the database next.
    player.play(now.plus(-SECOND), &progress).await?;
    let cast = plan.cast;
    Ok(Accounts {
        administrator: account(&plan, &player, cast.administrator)?,
        manager: account(&plan, &player, cast.manager)?,
        employee: account(&plan, &player, cast.employee)?,
        auditor: account(&plan, &player, cast.auditor)?,
    })
}

fn account(plan: &Plan, player: &Player<'_>, who: Who) -> Result<Account> {
    let draft = &plan.members[who].draft;
    Ok(Account {
        display_name: draft.display_name.clone(),
        username: draft.username.clone(),
        password: player.password(who)?,
    })
}
