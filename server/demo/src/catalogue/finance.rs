//! Applications of Finance.

use super::{App, account, group, permission};

/// Orders, stock value, invoices and the books.
pub(super) const ERP: App = App {
    name: "erp",
    display_name: "Atlas ERP",
    description: "Orders, purchasing, stock value, invoices and the general ledger.",
    owner: "Chief Financial Officer",
    criticality: "critical",
    grants: &[
        account(
            "erp.user",
            "ERP account",
            "Sign in to the ERP and see your own work list.",
            "low",
        )
        .ask(),
        permission(
            "erp.order.read",
            "See sales orders",
            "Look at sales orders, prices and deliveries.",
            ("read", "sales_order"),
            "low",
        )
        .ask(),
        permission(
            "erp.order.write",
            "Enter sales orders",
            "Create and change sales orders before they are shipped.",
            ("read write", "sales_order"),
            "medium",
        )
        .owned("Sales Operations Manager")
        .ask(),
        permission(
            "erp.price.write",
            "Change price lists",
            "Change prices and discounts for all customers.",
            ("read write", "price_list"),
            "high",
        )
        .owned("Sales Operations Manager"),
        permission(
            "erp.purchase.write",
            "Enter purchase orders",
            "Create and change purchase orders.",
            ("read write", "purchase_order"),
            "medium",
        )
        .owned("Purchasing Manager Food")
        .ask(),
        permission(
            "erp.purchase.approve",
            "Release purchase orders",
            "Release purchase orders up to 50,000 euros.",
            ("approve", "purchase_order"),
            "high",
        )
        .owned("Purchasing Manager Food"),
        permission(
            "erp.supplier.write",
            "Maintain suppliers",
            "Create suppliers and change their bank details.",
            ("read write", "supplier"),
            "critical",
        )
        .owned("Accounts Payable Manager"),
        permission(
            "erp.invoice.post",
            "Post supplier invoices",
            "Record supplier invoices and match them with orders.",
            ("read write", "supplier_invoice"),
            "medium",
        )
        .owned("Accounts Payable Manager")
        .ask(),
        permission(
            "erp.invoice.approve",
            "Approve supplier invoices",
            "Approve supplier invoices for payment.",
            ("approve", "supplier_invoice"),
            "high",
        )
        .owned("Accounts Payable Manager"),
        permission(
            "erp.payment.run",
            "Run payments",
            "Propose and start the payment run.",
            ("execute", "payment_run"),
            "critical",
        )
        .owned("Treasury and Planning Manager"),
        permission(
            "erp.credit.write",
            "Set credit limits",
            "Change customers' credit limits and release blocked orders.",
            ("read write approve", "credit_limit"),
            "high",
        )
        .owned("Credit Control Manager"),
        permission(
            "erp.ledger.post",
            "Post to the ledger",
            "Post journal entries in open periods.",
            ("read write", "journal"),
            "high",
        )
        .owned("Accounting Manager"),
        permission(
            "erp.period.close",
            "Open and close periods",
            "Open and close accounting periods.",
            ("execute", "period"),
            "critical",
        )
        .owned("Accounting Manager"),
        permission(
            "erp.report.read",
            "Read financial reports",
            "Read balance sheet, profit and loss and cost centres.",
            ("read", "report"),
            "medium",
        )
        .ask(),
        group(
            "erp.key-users",
            "ERP key users",
            "First contact for colleagues, may test new releases.",
            "low",
        ),
        group(
            "erp.administrators",
            "ERP administrators",
            "Change settings, users and interfaces of the ERP.",
            "critical",
        )
        .owned("Business Applications Manager"),
    ],
};

/// Bank accounts and payments.
pub(super) const TREASURY: App = App {
    name: "treasury",
    display_name: "Bank Gateway",
    description: "Bank accounts, payment files and their release to the banks.",
    owner: "Treasury and Planning Manager",
    criticality: "critical",
    grants: &[
        account(
            "bank.user",
            "Bank Gateway account",
            "Sign in with a second factor.",
            "medium",
        ),
        permission(
            "bank.statement.read",
            "Read bank statements",
            "See balances and statements of all accounts.",
            ("read", "statement"),
            "medium",
        )
        .ask(),
        permission(
            "bank.payment.create",
            "Create payments",
            "Create single payments and load payment files.",
            ("write", "payment"),
            "high",
        ),
        permission(
            "bank.payment.first",
            "First signature",
            "Give the first of two signatures on payments.",
            ("approve", "payment"),
            "critical",
        ),
        permission(
            "bank.payment.second",
            "Second signature",
            "Give the second of two signatures on payments.",
            ("approve", "payment"),
            "critical",
        )
        .owned("Chief Financial Officer"),
        permission(
            "bank.beneficiary.write",
            "Maintain beneficiaries",
            "Add and change accounts that may be paid.",
            ("read write", "beneficiary"),
            "critical",
        ),
        group(
            "bank.administrators",
            "Bank Gateway administrators",
            "Manage users, signatures and limits.",
            "critical",
        )
        .owned("Head of Security and Access"),
    ],
};

/// Salaries.
pub(super) const PAYROLL: App = App {
    name: "payroll",
    display_name: "Payroll",
    description: "Monthly salaries, taxes and social security in four countries.",
    owner: "Payroll Manager",
    criticality: "high",
    grants: &[
        account(
            "payroll.self",
            "My payslips",
            "Read and download your own payslips.",
            "low",
        ),
        permission(
            "payroll.prepare",
            "Prepare payroll",
            "Enter hours, bonuses and absences.",
            ("read write", "payroll_run"),
            "high",
        ),
        permission(
            "payroll.release",
            "Release payroll",
            "Release the monthly run for payment.",
            ("approve", "payroll_run"),
            "critical",
        ),
        permission(
            "payroll.salary.read",
            "Read salaries",
            "See what everybody earns.",
            ("read", "salary"),
            "high",
        ),
        permission(
            "payroll.salary.write",
            "Change salaries",
            "Change base salaries and bank details of people.",
            ("read write", "salary"),
            "critical",
        ),
        permission(
            "payroll.report",
            "Payroll reports",
            "",
            ("read", "report"),
            "medium",
        ),
        group(
            "payroll.partner",
            "Payroll partner",
            "Access of the payroll partner to prepared runs.",
            "high",
        ),
    ],
};
