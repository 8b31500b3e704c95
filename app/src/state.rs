//! What all pages share.

use std::sync::{Arc, OnceLock};

use domain::organisation::Organisation;
use service::Service;

/// Paths of the built assets, with the hash in their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Styles.
    pub style: Arc<str>,
    /// Icon sprite.
    pub icons: Arc<str>,
    /// Common stem of the script and the WASM module in `/assets`.
    pub islands: Arc<str>,
    /// Common stem of the script and the module that verify evidence packs, which one page loads.
    pub verifier: Arc<str>,
    /// The script of that page.
    pub verify: Arc<str>,
    /// Favicon.
    pub favicon: Arc<str>,
    /// Text font, preloaded.
    pub font: Arc<str>,
}

/// The state of the router.
#[derive(Debug, Clone)]
pub struct App {
    /// The use cases.
    pub service: Arc<Service>,
    /// The assets.
    pub site: Arc<Site>,
    /// Whether browsers reach the console over https: cookies are `Secure` then.
    pub https: bool,
    organisation: Arc<OnceLock<Organisation>>,
}

impl App {
    /// Puts it together.
    pub fn new(service: Arc<Service>, site: Site, https: bool) -> Self {
        Self {
            service,
            site: Arc::new(site),
            https,
            organisation: Arc::new(OnceLock::new()),
        }
    }

    /// A fresh key under which a form is carried out once.
    pub fn form_key(&self) -> String {
        self.service.form_key()
    }

    /// The organisation, read once; none before the first run is done.
    pub async fn organisation(&self) -> service::Result<Option<Organisation>> {
        if let Some(known) = self.organisation.get() {
            return Ok(Some(known.clone()));
        }
        let found = self.service.organisation().await?;
        Ok(found.map(|found| self.organisation.get_or_init(|| found).clone()))
    }
}
