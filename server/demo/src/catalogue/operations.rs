//! Applications of Sales, Logistics and Customer Service.

use super::{App, account, group, licence, permission};

/// Customers.
pub(super) const CUSTOMER_HUB: App = App {
    name: "customer-hub",
    display_name: "Customer Hub",
    description: "Customers, contacts, visits, offers and complaints.",
    owner: "Chief Commercial Officer",
    criticality: "high",
    grants: &[
        account(
            "hub.user",
            "Customer Hub account",
            "Sign in and see customers of your own region.",
            "low",
        )
        .ask(),
        permission(
            "hub.customer.read_all",
            "See all customers",
            "See customers, contacts and turnover of all regions.",
            ("read", "customer"),
            "medium",
        )
        .ask(),
        permission(
            "hub.customer.write",
            "Edit customers",
            "Create and change customers and contacts.",
            ("read write", "customer"),
            "medium",
        )
        .ask(),
        permission(
            "hub.offer.write",
            "Write offers",
            "Create offers within the discount limits.",
            ("read write", "offer"),
            "medium",
        )
        .ask(),
        permission(
            "hub.offer.approve",
            "Approve special offers",
            "Approve offers beyond the discount limits.",
            ("approve", "offer"),
            "high",
        )
        .owned("Sales Operations Manager"),
        permission(
            "hub.complaint.write",
            "Handle complaints",
            "Answer complaints and give credit notes up to 500 euros.",
            ("read write", "complaint"),
            "medium",
        )
        .owned("Customer Service Manager Portugal")
        .ask(),
        permission(
            "hub.export",
            "Export customer data",
            "Export lists of customers and contacts.",
            ("read export", "customer"),
            "high",
        ),
        permission(
            "hub.campaign.send",
            "Send campaigns",
            "Send mail to selected contacts.",
            ("execute", "campaign"),
            "medium",
        )
        .owned("Trade Marketing Manager"),
        licence(
            "hub.mobile",
            "Customer Hub mobile",
            "Licence for the mobile app with offline data.",
        ),
        group(
            "hub.administrators",
            "Customer Hub administrators",
            "Change fields, layouts and users.",
            "high",
        )
        .owned("Business Applications Manager"),
    ],
};

/// Stock and goods movements.
pub(super) const WAREHOUSE: App = App {
    name: "warehouse-control",
    display_name: "Warehouse Control",
    description: "Goods receipt, storage, picking and shipping in five warehouses.",
    owner: "Director of Logistics",
    criticality: "critical",
    grants: &[
        account(
            "wms.scanner",
            "Scanner sign-in",
            "Sign in to a handheld scanner with a badge.",
            "low",
        ),
        permission(
            "wms.receive",
            "Receive goods",
            "Book goods receipts and print labels.",
            ("write", "receipt"),
            "low",
        ),
        permission(
            "wms.pick",
            "Pick and pack",
            "Work through picking lists and pack parcels.",
            ("write", "pick_list"),
            "low",
        ),
        permission(
            "wms.count",
            "Count stock",
            "Count and enter stock differences.",
            ("write", "stock_count"),
            "medium",
        ),
        permission(
            "wms.adjust",
            "Adjust stock",
            "Write stock on and off without a count.",
            ("write", "stock"),
            "high",
        )
        .owned("Warehouse Manager Lisbon"),
        permission(
            "wms.release",
            "Release shipments",
            "Release shipments to carriers.",
            ("approve", "shipment"),
            "medium",
        ),
        permission(
            "wms.scrap",
            "Scrap goods",
            "Book spoiled or damaged goods out.",
            ("approve", "stock"),
            "high",
        ),
        permission(
            "wms.customs",
            "Customs documents",
            "",
            ("read write", "customs_document"),
            "medium",
        )
        .owned("Hub Manager Rotterdam"),
        group(
            "wms.supervisors",
            "Shift supervisors",
            "Plan shifts and change tasks of others.",
            "medium",
        ),
        group(
            "wms.administrators",
            "Warehouse administrators",
            "Change storage rules, scanners and users.",
            "high",
        ),
    ],
};

/// Trucks and carriers.
pub(super) const TRANSPORT: App = App {
    name: "transport-planner",
    display_name: "Transport Planner",
    description: "Tours, carriers, freight costs and tracking.",
    owner: "Transport Planning Manager",
    criticality: "high",
    grants: &[
        account(
            "tms.user",
            "Transport Planner account",
            "Sign in and follow shipments.",
            "low",
        )
        .ask(),
        permission(
            "tms.tour.write",
            "Plan tours",
            "Create and change tours.",
            ("read write", "tour"),
            "medium",
        ),
        permission(
            "tms.order.send",
            "Commission carriers",
            "Send binding transport orders to carriers.",
            ("execute", "transport_order"),
            "high",
        ),
        permission(
            "tms.freight.approve",
            "Approve freight invoices",
            "Approve carriers' invoices for payment.",
            ("approve", "freight_invoice"),
            "high",
        ),
        permission(
            "tms.tariff.write",
            "Maintain tariffs",
            "Change carriers' prices.",
            ("read write", "tariff"),
            "high",
        ),
        permission(
            "tms.tracking.read",
            "Track shipments",
            "See where shipments are.",
            ("read", "shipment"),
            "low",
        )
        .ask(),
        group("tms.partners", "Freight partners", "", "medium"),
    ],
};

/// The shop for trade customers.
pub(super) const WEB_SHOP: App = App {
    name: "web-shop",
    display_name: "Trade Web Shop",
    description: "Catalogue and ordering for trade customers.",
    owner: "Digital Commerce Manager",
    criticality: "high",
    grants: &[
        account(
            "shop.editor",
            "Shop back office",
            "Sign in to the back office.",
            "low",
        ),
        permission(
            "shop.catalogue.write",
            "Edit the catalogue",
            "Change texts, pictures and categories.",
            ("read write", "product"),
            "low",
        )
        .ask(),
        permission(
            "shop.price.publish",
            "Publish prices",
            "Publish prices and promotions.",
            ("execute", "price"),
            "high",
        ),
        permission(
            "shop.order.read",
            "See shop orders",
            "See orders and what became of them.",
            ("read", "order"),
            "low",
        )
        .ask(),
        permission(
            "shop.customer.impersonate",
            "Order for a customer",
            "Open the shop as a customer to help on the phone.",
            ("execute", "customer"),
            "high",
        )
        .owned("Inside Sales Manager"),
        permission(
            "shop.refund",
            "Refund orders",
            "Refund paid orders up to 1,000 euros.",
            ("approve", "order"),
            "high",
        ),
        group(
            "shop.administrators",
            "Shop administrators",
            "Change payment methods, users and releases.",
            "critical",
        ),
    ],
};
