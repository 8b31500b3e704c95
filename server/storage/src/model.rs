//! The roles of a moment as a graph, kept in memory as long as nobody changes them.

use crate::boxed;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use domain::id::{EntitlementId, RoleId};
use domain::resolution::{Inclusion, Node, RoleGraph};
use domain::time::Instant;

use crate::Result;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::exclusions::grantable;

/// When the model was changed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelState {
    /// A role, or whether an entitlement or application gives anything.
    pub roles: Instant,
    /// A rule.
    pub rules: Instant,
}

/// The last graph that was made, for all that read from one process.
#[derive(Debug, Default)]
pub struct LastGraph(Mutex<Option<(Instant, Arc<RoleGraph>)>>);

type PartRow = (i64, At, Option<i64>, Option<i64>);

impl ReadTx {
    /// When the model was changed last, as this transaction sees it.
    #[boxed]
    pub async fn model_state(&mut self) -> Result<ModelState> {
        let text = "SELECT roles, rules FROM model_head";
        let changed: (At, At) = on!(self, c => sqlx::query_as(text).fetch_one(c).await)?;
        Ok(ModelState {
            roles: changed.0.0,
            rules: changed.1.0,
        })
    }

    /// The roles of the present. Made anew only when something changed since the last time.
    #[boxed]
    pub async fn role_graph(&mut self) -> Result<Arc<RoleGraph>> {
        let state = self.model_state().await?.roles;
        // A transaction that changed roles itself may change more of them at the same moment.
        let last = self.graph.clone();
        let kept = last.as_ref().and_then(|last| last.0.lock().ok()?.clone());
        if let Some((at, graph)) = kept
            && at == state
        {
            return Ok(graph);
        }
        let graph = Arc::new(self.graph_of(None).await?);
        if let Some(last) = last
            && let Ok(mut last) = last.0.lock()
            && last.as_ref().is_none_or(|(at, _)| *at < state)
        {
            *last = Some((state, Arc::clone(&graph)));
        }
        Ok(graph)
    }

    /// The roles as they were recorded at a moment.
    #[boxed]
    pub async fn role_graph_as_of(&mut self, known: Instant) -> Result<Arc<RoleGraph>> {
        if self.model_state().await?.roles <= known {
            return self.role_graph().await;
        }
        self.graph_of(Some(known)).await.map(Arc::new)
    }

    /// What roles ever held, as far as it was recorded at a moment, whatever became of it: access of which one of these
    /// says that it was once given belongs to nobody's baseline.
    #[boxed]
    pub async fn role_graph_ever(&mut self, known: Instant) -> Result<RoleGraph> {
        let text = "SELECT DISTINCT role_id, entitlement_id, includes_role_id FROM role_content WHERE recorded_from <= $1";
        let parts: Vec<(i64, Option<i64>, Option<i64>)> =
            on!(self, c => sqlx::query_as(text).bind(At(known)).fetch_all(c).await)?;
        let since = At(Instant::from_micros(0));
        let parts = parts
            .into_iter()
            .map(|(role, entitlement, includes)| (role, since, entitlement, includes));
        let parts: Vec<PartRow> = parts.collect();
        let mut nodes = HashMap::new();
        for role in parts
            .iter()
            .flat_map(|(role, _, _, includes)| [Some(*role), *includes])
            .flatten()
        {
            nodes.entry(RoleId::from_raw(role)).or_insert(Node {
                active: true,
                parts: Vec::new(),
            });
        }
        fill(&mut nodes, parts);
        Ok(RoleGraph::new(nodes, HashSet::new()))
    }

    async fn graph_of(&mut self, known: Option<Instant>) -> Result<RoleGraph> {
        // Everything is younger than this; so both texts take one argument.
        let at = At(known.unwrap_or(Instant::from_micros(0)));
        let texts = if known.is_some() { AS_OF } else { PRESENT };
        let roles: Vec<(i64, String)> =
            on!(self, c => sqlx::query_as(texts.roles).bind(at).fetch_all(c).await)?;
        let parts: Vec<PartRow> =
            on!(self, c => sqlx::query_as(texts.parts).bind(at).fetch_all(c).await)?;
        let entitlements: Vec<(i64, i64, String)> =
            on!(self, c => sqlx::query_as(texts.entitlements).bind(at).fetch_all(c).await)?;
        let applications: Vec<(i64, String)> =
            on!(self, c => sqlx::query_as(texts.applications).bind(at).fetch_all(c).await)?;
        let off: HashSet<i64> = applications
            .into_iter()
            .filter_map(|(id, status)| (status != "active").then_some(id))
            .collect();
        let inactive = entitlements
            .into_iter()
            .filter(|(_, application, status)| status != "active" || off.contains(application))
            .map(|(id, ..)| EntitlementId::from_raw(id))
            .collect();
        let mut nodes: HashMap<RoleId, Node> = roles
            .into_iter()
            .map(|(id, status)| {
                let active = status == "active";
                let parts = Vec::new();
                (RoleId::from_raw(id), Node { active, parts })
            })
            .collect();
        fill(&mut nodes, parts);
        Ok(RoleGraph::new(nodes, inactive))
    }
}

/// The texts that read the model at a moment.
struct Texts {
    roles: &'static str,
    parts: &'static str,
    entitlements: &'static str,
    applications: &'static str,
}

macro_rules! texts {
    ($versions:literal) => {
        Texts {
            roles: concat!("SELECT x.id, x.status FROM role x WHERE ", $versions),
            parts: concat!("SELECT x.role_id, x.recorded_from, x.entitlement_id, x.includes_role_id FROM role_content x WHERE ", $versions),
            entitlements: concat!("SELECT x.id, x.application_id, x.status FROM entitlement x WHERE ", $versions),
            applications: concat!("SELECT x.id, x.status FROM application x WHERE ", $versions),
        }
    };
}

const PRESENT: Texts = texts!("x.recorded_to IS NULL AND x.recorded_from >= $1");
const AS_OF: Texts =
    texts!("x.recorded_from <= $1 AND (x.recorded_to IS NULL OR x.recorded_to > $1)");

/// Puts what is in roles into them; two sources may have put the same thing into one.
fn fill(nodes: &mut HashMap<RoleId, Node>, parts: Vec<PartRow>) {
    for (role, since, entitlement, includes) in parts {
        let node = nodes.get_mut(&RoleId::from_raw(role));
        let (Some(node), Some(what)) = (node, grantable(entitlement, includes)) else {
            continue;
        };
        match node.parts.iter_mut().find(|part| part.what == what) {
            Some(part) => part.since = part.since.min(since.0),
            None => node.parts.push(Inclusion {
                what,
                since: since.0,
            }),
        }
    }
}

impl WriteTx {
    /// Says that roles, or what can be had at all, changed in this transaction.
    pub(crate) async fn roles_changed(&mut self) -> Result<()> {
        self.graph = None;
        let recorded = At(self.recorded);
        let text = "UPDATE model_head SET roles = $1 WHERE roles < $1";
        on!(self, c => sqlx::query(text).bind(recorded).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Says that rules changed in this transaction.
    pub(crate) async fn rules_changed(&mut self) -> Result<()> {
        let recorded = At(self.recorded);
        let text = "UPDATE model_head SET rules = $1 WHERE rules < $1";
        on!(self, c => sqlx::query(text).bind(recorded).execute(c).await.map(drop))?;
        Ok(())
    }
}
