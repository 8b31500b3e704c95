//! The evidence for one entry, laid open: what is hashed, the way to the root, the signed checkpoint, and how somebody
//! who does not trust this console checks it.

use frontend::copy::CopyButton;
use leptos::prelude::*;
use service::audit::{EntryDetail, ProofView};

use super::entry::place;
use crate::format::number;
use crate::ui::{Card, Icon, Pill, Tone};

/// The card of an entry's proof.
pub(super) fn card(entry: &EntryDetail) -> AnyView {
    let state = match &entry.proof {
        Some(proof) if proof.holds => view! { <Pill text="Proven" tone=Tone::Good /> }.into_any(),
        Some(_) => view! { <Pill text="Does not hold" tone=Tone::Bad /> }.into_any(),
        None => view! { <Pill text="Not signed yet" /> }.into_any(),
    };
    let said = said(entry);
    let mut values = vec![
        value(
            "Leaf index",
            &entry.leaf_index.to_string(),
            "Copy leaf index",
        ),
        value("Leaf hash", &entry.leaf_hash, "Copy leaf hash"),
    ];
    if let Some(proof) = &entry.proof {
        values.push(value(
            "Checkpoint size",
            &proof.size.to_string(),
            "Copy checkpoint size",
        ));
        values.push(value("Root hash", &proof.root, "Copy root hash"));
    }
    let leaf = block(
        "Entry as it is hashed",
        "canonical JSON",
        "Copy JSON",
        &entry.canonical,
    );
    let rest = entry.proof.as_ref().map(evidence);
    let check = check(entry);
    view! {
        <Card title="Proof" actions=state>
            <p class="evidence-said">{said}</p>
            <dl class="evidence">{values}</dl>
            {leaf}
            {rest}
            {check}
        </Card>
    }
    .into_any()
}

fn said(entry: &EntryDetail) -> String {
    match &entry.proof {
        Some(proof) if proof.holds => format!(
            "This is entry {} of the {} that the latest checkpoint signs. Its hash leads to the signed root, so neither it nor its place can have been changed since.",
            place(entry.leaf_index + 1),
            place(proof.size)
        ),
        Some(proof) => format!("The hashes of this entry do not lead to the root that the checkpoint at {} entries signs.", place(proof.size)),
        None => "No checkpoint covers this entry yet. One is signed every minute when there is something new; the proof is here then.".to_owned(),
    }
}

/// One value of the proof, whole, so that it can be compared and selected without scripts.
fn value(term: &'static str, text: &str, copy: &'static str) -> AnyView {
    let copy =
        view! { <CopyButton value=text.to_owned() label=copy>{Icon::Copy.view()}</CopyButton> };
    view! {
        <div>
            <dt>{term}</dt>
            <dd><code>{text.to_owned()}</code> {copy}</dd>
        </div>
    }
    .into_any()
}

fn block(title: &'static str, what: &'static str, copy: &'static str, text: &str) -> AnyView {
    let copy =
        view! { <CopyButton value=text.to_owned() label=copy>{Icon::Copy.view()}</CopyButton> };
    view! {
        <div class="evidence-part">
            <div class="evidence-head"><h3>{title}</h3> <span class="evidence-what">{what}</span> {copy}</div>
            <pre><code>{text.to_owned()}</code></pre>
        </div>
    }
    .into_any()
}

fn evidence(proof: &ProofView) -> AnyView {
    let copy = view! { <CopyButton value=proof.path.join("\n") label="Copy hashes">{Icon::Copy.view()}</CopyButton> };
    let count = match proof.path.len() {
        0 => "the entry is the whole log".to_owned(),
        1 => "1 hash, from the leaf upwards".to_owned(),
        n => format!("{} hashes, from the leaf upwards", number(n as u64)),
    };
    let hashes = proof
        .path
        .iter()
        .map(|hash| view! { <li><code>{hash.clone()}</code></li> })
        .collect_view();
    let path = (!proof.path.is_empty()).then(|| view! { <ol class="evidence-path">{hashes}</ol> });
    let note = block(
        "Signed checkpoint",
        "C2SP signed note",
        "Copy checkpoint",
        &proof.note,
    );
    let file = block(
        "All in one file",
        "C2SP tlog-proof, for a .tlog-proof file",
        "Copy proof",
        &proof.file,
    );
    view! {
        <div class="evidence-part">
            <div class="evidence-head"><h3>"Inclusion proof"</h3> <span class="evidence-what">{count}</span> {copy}</div>
            {path}
        </div>
        {note}
        <details class="evidence-more">
            <summary>{Icon::ChevronRight.view()} "As a proof file"</summary>
            {file}
        </details>
    }
    .into_any()
}

fn check(entry: &EntryDetail) -> AnyView {
    let (index, size) = (
        entry.leaf_index,
        entry
            .proof
            .as_ref()
            .map_or_else(|| "n".to_owned(), |proof| proof.size.to_string()),
    );
    let steps = format!(
        "The log is a Merkle tree as in RFC 6962. SHA-256 over one zero byte and the JSON above gives the leaf hash. Together with the hashes of \
         the inclusion proof, for leaf {index} in a tree of {size}, it gives the root that stands in base64 on the third line of the checkpoint. \
         The checkpoint is a note signed with Ed25519, which any verifier of C2SP notes checks with the log’s public key, keys/audit.pub in the data directory. Keep a checkpoint where \
         nobody of this server can change it: "
    );
    view! {
        <div class="evidence-part">
            <h3>"How an outsider checks this"</h3>
            <p>
                {steps} <code>"bailiwick audit verify --since FILE"</code>
                " then shows that today’s log still begins with everything that checkpoint signed."
            </p>
        </div>
    }
    .into_any()
}
