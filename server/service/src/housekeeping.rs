//! What the worker does every minute: people whose last day is over, things that have expired, denials, checkpoints.

use crate::boxed;
use domain::permission::Actor;
use domain::time::{DAY, HOUR};

use crate::audit::StoredCheckpoint;
use crate::sessions::{ABSOLUTE, IDLE};
use crate::{
    Cx, Result, Service, assignments, audit, findings, imports, jobs, notifications, people,
    proposals, reports, requests, reviews,
};

/// How long a job is remembered after its end; what it did stays in the log.
const JOBS: i64 = 90 * DAY;
/// How long a cart keeps what nobody asks for.
const CARTS: i64 = 90 * DAY;

/// One round. Every part is tried, also when another fails. Answers the checkpoint that was signed.
#[boxed]
pub async fn round(service: &Service) -> Option<StoredCheckpoint> {
    let cx = Cx::of(Actor::System);
    done(
        "end people whose last day is over",
        people::end_due(service, &cx).await,
    );
    done(
        "end access whose last day is over",
        assignments::end_due(service, &cx).await,
    );
    done(
        "remind, time out and ask anew for requests",
        requests::sweep(service).await,
    );
    done(
        "tell people what ends soon",
        requests::tell_of_ends(service).await,
    );
    done("forget what has expired", expire(service).await);
    done("time watched folders", jobs::ensure_timers(service).await);
    done(
        "look for outliers every night",
        findings::ensure_look(service).await,
    );
    done(
        "learn from what was decided",
        proposals::ensure_learnt(service).await,
    );
    done(
        "take up imports that broke off",
        imports::take_up(service).await,
    );
    done(
        "end what reviews revoked",
        reviews::ensure_carried_out(service).await,
    );
    done(
        "count for reports once a day",
        reports::ensure_counted(service).await,
    );
    done(
        "do what time does to reviews",
        reviews::keep_time(service).await,
    );
    done("see to mail", notifications::ensure_mail(service).await);
    done("sum up denials", audit::flush_denials(service).await);
    done("sign a checkpoint", audit::checkpoint(service).await).flatten()
}

fn done<T>(what: &str, result: Result<T>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(what, %error, "housekeeping failed; it is tried again in a minute");
            None
        }
    }
}

async fn expire(service: &Service) -> Result<()> {
    if service.organisation().await?.is_none() {
        return Ok(());
    }
    let mut tx = service
        .store
        .write(service.now(), service.entropy.clone())
        .await?;
    let now = tx.recorded();
    tx.delete_expired_sessions(now.plus(-IDLE), now.plus(-ABSOLUTE))
        .await?;
    tx.drop_expired_links(now).await?;
    tx.drop_old_failures(now.plus(-HOUR)).await?;
    tx.forget_carried_out(now.plus(-7 * DAY)).await?;
    tx.forget_jobs(now, now.plus(-JOBS)).await?;
    tx.forget_carts(now.plus(-CARTS)).await?;
    notifications::expire(&mut tx).await?;
    tx.commit_unaudited(
        "expired sessions, links, counters, form keys, files of jobs, jobs, carts, notifications and mails",
    )
        .await?;
    Ok(())
}
