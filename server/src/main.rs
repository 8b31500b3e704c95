//! `bailiwick`: the one binary. Serves the console and carries out acts at the command line.

mod commands;
mod config;
mod connections;
mod home;
mod keys;
mod publish;
mod serve;
mod telemetry;
mod unread;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;

/// A page is made of many small pieces, most of them gone when it is sent: with the C library's allocator a list took half as
/// long again.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Who may do what, why, until when, and the proof.
#[derive(Debug, Parser)]
#[command(name = "bailiwick", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the console. The first visit creates the first administrator.
    Serve(serve::Arguments),
    /// Serve a sample company from a data directory of its own, making it first if it is empty.
    Demo(commands::demo::Arguments),
    /// Manage administrators.
    #[command(subcommand)]
    Admin(commands::admin::Command),
    /// Make a one-time link with which a person sets their password.
    Link(commands::link::Arguments),
    /// Import access data: people, applications, entitlements, accounts, access, roles and past decisions.
    Import(commands::import::Arguments),
    /// Say why a person has, or does not have, an entitlement.
    Explain(commands::access::Explain),
    /// List what a person has.
    Access(commands::access::Access),
    /// List who has an entitlement.
    Holders(commands::access::Holders),
    /// What was asked for, where it stands and whom it waits for.
    Requests(commands::requests::Requests),
    /// Launch an access review, see how far its campaign is, and close it.
    #[command(subcommand)]
    Review(commands::review::Review),
    /// Say who would gain and lose what by a change, without making it.
    Plan(commands::plan::Arguments),
    /// Find roles in what people have: as few as possible that give exactly that. Makes none.
    Discover(commands::discover::Arguments),
    /// Score access that somebody asks for, by what was decided before, with reasons. Decides nothing.
    Propose(commands::propose::Arguments),
    /// Make and check evidence packs of access reviews.
    #[command(subcommand)]
    Evidence(commands::evidence::Command),
    /// Check the audit log.
    #[command(subcommand)]
    Audit(commands::audit::Command),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(arguments) => serve::run(arguments).await,
        Command::Demo(arguments) => commands::demo::run(arguments).await,
        Command::Admin(command) => commands::admin::run(command).await,
        Command::Link(arguments) => commands::link::run(arguments).await,
        Command::Import(arguments) => return commands::import::run(arguments).await,
        Command::Explain(arguments) => commands::access::explain(arguments).await,
        Command::Access(arguments) => commands::access::access(arguments).await,
        Command::Requests(arguments) => commands::requests::requests(arguments).await,
        Command::Review(arguments) => commands::review::review(arguments).await,
        Command::Holders(arguments) => commands::access::holders(arguments).await,
        Command::Plan(arguments) => commands::plan::run(arguments).await,
        Command::Discover(arguments) => commands::discover::run(arguments).await,
        Command::Propose(arguments) => commands::propose::run(arguments).await,
        Command::Evidence(command) => return commands::evidence::run(command).await,
        Command::Audit(command) => return commands::audit::run(command).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bailiwick: {error:#}");
            ExitCode::FAILURE
        }
    }
}
