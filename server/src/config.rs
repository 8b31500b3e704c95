//! Flags and environment that several commands share.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use service::notifications::Post;

/// Where the data is.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_field_names, reason = "the fields name the flags")]
pub(crate) struct Data {
    /// Folder with the database, the keys and the checkpoints. Made when it is not there.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "data",
        env = "BAILIWICK_DATA_DIR"
    )]
    pub(crate) data_dir: PathBuf,

    /// PostgreSQL instead of the embedded SQLite, as postgres://user:password@host:port/database.
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,

    /// The key that signs the log's checkpoints, instead of the file in the data directory; for several nodes.
    #[arg(
        long,
        value_name = "KEY",
        env = "BAILIWICK_AUDIT_KEY",
        hide = true,
        hide_env_values = true
    )]
    pub(crate) audit_key: Option<String>,
}

/// How people reach the console.
#[derive(Debug, Clone, Args)]
pub(crate) struct Reach {
    /// Address in browsers, as `https://access.example.com`. Decides about secure cookies and stands in links.
    #[arg(long, value_name = "URL", env = "BAILIWICK_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
}

impl Reach {
    /// The address without a trailing slash; by default the one that is listened at.
    pub(crate) fn url(&self, listen: &str) -> anyhow::Result<String> {
        let url = self
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{listen}"));
        let url = url.trim_end_matches('/').to_owned();
        if !(url.starts_with("http://") || url.starts_with("https://")) {
            anyhow::bail!("--public-url must begin with https:// or http://");
        }
        Ok(url)
    }
}

/// The mail server.
#[derive(Debug, Clone, Args)]
pub(crate) struct Mail {
    /// Server that takes mail, as `smtps://user:password@host:465` or `smtp://user:password@host:587`. Without it what people
    /// are told stays in the console.
    #[arg(
        long,
        value_name = "URL",
        env = "BAILIWICK_SMTP_URL",
        hide_env_values = true
    )]
    pub(crate) smtp_url: Option<String>,

    /// Who mails are from, as `Bailiwick <access@example.com>`.
    #[arg(long, value_name = "ADDRESS", env = "BAILIWICK_MAIL_FROM")]
    pub(crate) mail_from: Option<String>,
}

impl Mail {
    /// The way to the mail server, when there is one.
    pub(crate) fn post(&self) -> anyhow::Result<Option<Arc<dyn Post>>> {
        let given = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
        match (given(&self.smtp_url), given(&self.mail_from)) {
            (None, None) => Ok(None),
            (Some(url), Some(from)) => Ok(Some(Arc::new(mail::Smtp::new(&url, &from)?))),
            (Some(_), None) => anyhow::bail!(
                "--smtp-url needs --mail-from, the address that mails come from, as access@example.com"
            ),
            (None, Some(_)) => {
                anyhow::bail!("--mail-from needs --smtp-url, the server that takes the mails")
            }
        }
    }
}

/// Where the server listens when nothing else is said.
pub(crate) const LISTEN: &str = "127.0.0.1:8700";
