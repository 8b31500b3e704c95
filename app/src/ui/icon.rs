//! The icons of the console: one variant for each file in `style/icons`, drawn from one sprite.
//!
//! An unknown icon is a compile error. An icon says nothing to a screen reader: the word beside it, or the label of
//! the control it stands in, does.

use std::sync::Arc;

use leptos::prelude::*;
use maud::{Markup, html};

use super::leaf::leaf;

/// Where the built assets are; the application puts it in the context before it renders a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// Path of the icon sprite, such as `/assets/icons.0123abcd.svg`.
    pub icons: Arc<str>,
}

/// One icon of the sprite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    Activity,
    AppWindow,
    Archive,
    ArrowDown,
    ArrowLeft,
    ArrowRight,
    ArrowUp,
    Ban,
    Bell,
    Bot,
    Bookmark,
    Boxes,
    Briefcase,
    Building2,
    Calendar,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    ChevronsUpDown,
    CircleAlert,
    CircleCheck,
    CircleQuestionMark,
    CircleUser,
    Clock,
    Columns3,
    Copy,
    Database,
    Download,
    Ellipsis,
    ExternalLink,
    Eye,
    EyeOff,
    FileText,
    Funnel,
    Hash,
    History,
    House,
    IdCard,
    Inbox,
    Info,
    KeyRound,
    KeySquare,
    Keyboard,
    Layers,
    Link,
    ListChecks,
    Lock,
    LogIn,
    LogOut,
    Mail,
    Menu,
    Minus,
    Monitor,
    Moon,
    PanelRight,
    Pause,
    Pencil,
    Play,
    Plus,
    RefreshCw,
    RotateCcw,
    Scale,
    ScrollText,
    Search,
    SearchX,
    Settings,
    Shield,
    ShieldAlert,
    ShieldCheck,
    ShoppingCart,
    SlidersHorizontal,
    Sun,
    Trash2,
    TriangleAlert,
    Undo2,
    Upload,
    User,
    UserCheck,
    UserMinus,
    UserPlus,
    UserX,
    Users,
    X,
}

impl Icon {
    /// The name of the symbol in the sprite and of the file in `style/icons`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::AppWindow => "app-window",
            Self::Archive => "archive",
            Self::ArrowDown => "arrow-down",
            Self::ArrowLeft => "arrow-left",
            Self::ArrowRight => "arrow-right",
            Self::ArrowUp => "arrow-up",
            Self::Ban => "ban",
            Self::Bell => "bell",
            Self::Bot => "bot",
            Self::Bookmark => "bookmark",
            Self::Boxes => "boxes",
            Self::Briefcase => "briefcase",
            Self::Building2 => "building-2",
            Self::Calendar => "calendar",
            Self::Check => "check",
            Self::ChevronDown => "chevron-down",
            Self::ChevronLeft => "chevron-left",
            Self::ChevronRight => "chevron-right",
            Self::ChevronsUpDown => "chevrons-up-down",
            Self::CircleAlert => "circle-alert",
            Self::CircleCheck => "circle-check",
            Self::CircleQuestionMark => "circle-question-mark",
            Self::CircleUser => "circle-user",
            Self::Clock => "clock",
            Self::Columns3 => "columns-3",
            Self::Copy => "copy",
            Self::Database => "database",
            Self::Download => "download",
            Self::Ellipsis => "ellipsis",
            Self::ExternalLink => "external-link",
            Self::Eye => "eye",
            Self::EyeOff => "eye-off",
            Self::FileText => "file-text",
            Self::Funnel => "funnel",
            Self::Hash => "hash",
            Self::History => "history",
            Self::House => "house",
            Self::IdCard => "id-card",
            Self::Inbox => "inbox",
            Self::Info => "info",
            Self::KeyRound => "key-round",
            Self::KeySquare => "key-square",
            Self::Keyboard => "keyboard",
            Self::Layers => "layers",
            Self::Link => "link",
            Self::ListChecks => "list-checks",
            Self::Lock => "lock",
            Self::LogIn => "log-in",
            Self::LogOut => "log-out",
            Self::Mail => "mail",
            Self::Menu => "menu",
            Self::Minus => "minus",
            Self::Monitor => "monitor",
            Self::Moon => "moon",
            Self::PanelRight => "panel-right",
            Self::Pause => "pause",
            Self::Pencil => "pencil",
            Self::Play => "play",
            Self::Plus => "plus",
            Self::RefreshCw => "refresh-cw",
            Self::RotateCcw => "rotate-ccw",
            Self::Scale => "scale",
            Self::ScrollText => "scroll-text",
            Self::Search => "search",
            Self::SearchX => "search-x",
            Self::Settings => "settings",
            Self::Shield => "shield",
            Self::ShieldAlert => "shield-alert",
            Self::ShieldCheck => "shield-check",
            Self::ShoppingCart => "shopping-cart",
            Self::SlidersHorizontal => "sliders-horizontal",
            Self::Sun => "sun",
            Self::Trash2 => "trash-2",
            Self::TriangleAlert => "triangle-alert",
            Self::Undo2 => "undo-2",
            Self::Upload => "upload",
            Self::User => "user",
            Self::UserCheck => "user-check",
            Self::UserMinus => "user-minus",
            Self::UserPlus => "user-plus",
            Self::UserX => "user-x",
            Self::Users => "users",
            Self::X => "x",
        }
    }

    /// The drawing, for a place that needs no component: `{Icon::Plus.view()}`.
    pub fn view(self) -> AnyView {
        leaf(self.markup())
    }

    /// The drawing in markup.
    pub(crate) fn markup(self) -> Markup {
        let sprite = use_context::<Assets>()
            .map_or_else(|| Arc::from("/assets/icons.svg"), |assets| assets.icons);
        let name = self.name();
        html! {
            svg.icon data-icon=(name) viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
                use href={ (sprite) "#" (name) } {}
            }
        }
    }
}
