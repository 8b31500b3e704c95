use frontend::api::Suggestion;
use frontend::*;
use leptos::prelude::*;
use std::sync::Arc;
#[test]
fn page() {
    let owner = Owner::new_root(Some(Arc::new(
        hydration_context::SsrSharedContext::new_islands(),
    )));
    let html = owner.with(|| {
        let s = |l: &str, h: &str| Suggestion { id: h.into(), label: l.into(), href: h.into(), kind: "Page".into(), detail: String::new() };
        view! {
            <CommandPalette commands=vec![s("People","/people"), s("Applications","/applications"), s("New person","/people/new"), s("Audit","/audit")] person="idn_1"/>
            <Keys go=vec![("p".into(),"/people".into()),("a".into(),"/audit".into())]/>
            <Guard/>
            <BulkSelect/>
            <header class="top"><a class="jump" data-open="palette" href="/search">"Search"</a></header>
            <main id="main" class="page" tabindex="-1">
            <h1>"People"</h1>
            <form method="get" class="toolbar" role="search" action="/list">
              <TokenSearch keys=vec![TokenKey{key:"status".into(),hint:"Where they are in their life".into(),values:vec!["active".into(),"ended".into()]},TokenKey{key:"start".into(),hint:"First day".into(),values:vec![]},TokenKey{key:"department".into(),hint:"Department".into(),values:vec!["Human Resources".into()]}]>
                <div class="search"><input type="search" id="q" name="q" aria-label="Search people"/></div>
              </TokenSearch>
              <button>"Go"</button>
            </form>
            <section class="card"><table class="table"><caption>"People"</caption><thead><tr><th scope="col"><label><span class="unseen">"Select page"</span><input type="checkbox" data-select="page"/></label></th><th scope="col">"Name"</th></tr></thead><tbody>
            {(0..6).map(|i| view!{<tr><td class="pick"><label><span class="unseen">{format!("Select Person {i}")}</span><input type="checkbox" name="id" value=i.to_string() form="bulk"/></label></td><th scope="row"><a href=format!("/people/{i}")>{format!("Person {i}")}</a><CopyButton value=format!("idn_{i}") label="Copy id"><span aria-hidden="true">"c"</span></CopyButton></th></tr>}).collect_view()}
            </tbody></table></section>
            <form id="bulk" class="bulk" method="get" action="/people/bulk"><div class="bulkbar"><p><b data-bulk="count">"0"</b>" selected"</p><button>"Suspend"</button></div></form>
            <nav class="pager" aria-label="Pages"><a rel="next" href="/list?after=x">"Next"</a></nav>
            <form method="post" class="form" data-guard="" action="/post" id="gform">
              <div class="field"><label for="f-manager">"Manager"</label><Combobox name="manager" value="ana" label_value="Ana Silva" endpoint="/api/pick/people" input_id="f-manager" described_by="f-manager-hint" invalid=false placeholder="User name"/><p id="f-manager-hint">"Who"</p></div>
              <div class="field"><label for="f-pw">"Password"</label><RevealPassword><input class="input" type="password" id="f-pw" name="pw"/></RevealPassword></div>
              <button type="submit">"Save"</button>
            </form>
            </main>
            <div class="toasts"><Toast><p class="flash">"Saved Ana."</p></Toast></div>
        }.to_html()
    });
    std::fs::create_dir_all("/tmp/h4").unwrap();
    std::fs::write("/tmp/h4/body.html", html).unwrap();
}
