-- Columns that follow the stage of their row: statuses, flags, times, reasons, counts and references of many subjects.
CREATE TABLE staff (
    id serial PRIMARY KEY,
    name text NOT NULL,
    status text NOT NULL CHECK (status IN ('invited', 'active', 'suspended', 'terminated')),
    invited_at timestamptz NOT NULL,
    joined_at timestamptz,
    last_login_at timestamptz,
    login_count int NOT NULL DEFAULT 0,
    suspended_at timestamptz,
    suspension_reason text,
    terminated_on date,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TYPE order_state AS ENUM
    ('draft', 'pending', 'confirmed', 'processing', 'shipped', 'delivered', 'cancelled', 'refunded');
CREATE TABLE orders (
    id serial PRIMARY KEY,
    status order_state NOT NULL DEFAULT 'draft',
    payment_status text NOT NULL CHECK (payment_status IN ('unpaid', 'authorized', 'paid', 'refunded', 'voided')),
    fulfillment_status varchar(20) NOT NULL
        CHECK (fulfillment_status IN ('unfulfilled', 'in_transit', 'delivered', 'restocked')),
    total numeric(10, 2) NOT NULL,
    paid_amount numeric(10, 2) NOT NULL DEFAULT 0,
    refund_amount numeric(10, 2),
    is_paid boolean NOT NULL DEFAULT false,
    placed_at timestamptz,
    confirmed_at timestamptz,
    payment_date timestamptz,
    date_shipped timestamptz,
    delivered_at timestamptz,
    expected_delivery_date date,
    tracking_number text,
    cancelled_at timestamptz,
    cancelled_by int REFERENCES staff,
    cancellation_reason text,
    refunded_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE checked_orders (
    id serial PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('pending', 'paid', 'shipped', 'cancelled')),
    paid_at timestamptz,
    shipped_at timestamptz,
    cancelled_at timestamptz,
    -- A shipped order has no time of its payment here: constraints win over what is usual.
    CHECK ((status = 'paid') = (paid_at IS NOT NULL)),
    CHECK (shipped_at IS NULL OR status = 'shipped')
);
CREATE TABLE appointments (
    id serial PRIMARY KEY,
    status text NOT NULL
        CHECK (status IN ('scheduled', 'confirmed', 'checked_in', 'completed', 'cancelled', 'no_show')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    checked_in_at timestamptz,
    completed_at timestamptz,
    cancelled_at timestamptz,
    cancellation_reason text,
    no_show_reason text,
    is_no_show boolean NOT NULL DEFAULT false
);
CREATE TABLE patients (
    id serial PRIMARY KEY,
    full_name text NOT NULL,
    is_deceased boolean NOT NULL,
    deceased_on date,
    cause_of_death text,
    email_verified boolean NOT NULL DEFAULT false,
    verified_at timestamptz,
    deleted_at timestamptz,
    deleted_by int REFERENCES staff,
    deletion_reason text
);
CREATE TABLE subscriptions (
    id serial PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('trialing', 'active', 'past_due', 'canceled', 'expired')),
    trial_ends_at timestamptz,
    activated_at timestamptz,
    canceled_at timestamptz,
    cancel_reason text,
    expired_at timestamptz,
    ended_at timestamptz,
    auto_renew boolean NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE TABLE accounts (
    id serial PRIMARY KEY,
    is_active boolean NOT NULL,
    deactivated_at timestamptz,
    deactivated_by int REFERENCES staff,
    deactivation_reason text
);
CREATE TABLE tickets (
    id serial PRIMARY KEY,
    "State" text NOT NULL CHECK ("State" IN ('Open', 'In Progress', 'Resolved', 'Closed')),
    assigned_to int REFERENCES staff,
    assigned_at timestamptz,
    first_response_at timestamptz,
    resolved_at timestamptz,
    resolved_by int REFERENCES staff,
    resolution_notes text,
    closed_at timestamptz,
    due_at timestamptz
);
CREATE TABLE jobs (
    id bigserial PRIMARY KEY,
    status varchar(12) NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    queued_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    failed_at timestamptz,
    error_message text,
    duration_ms int
);
CREATE TABLE enrollments (
    id serial PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('applied', 'accepted', 'enrolled', 'completed', 'dropped')),
    applied_on date NOT NULL,
    accepted_on date,
    enrolled_on date,
    completed_on date,
    dropped_on date,
    drop_reason text,
    approved_by int REFERENCES staff
);
CREATE TABLE assignments (
    id serial PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('assigned', 'submitted', 'graded')),
    due_on date NOT NULL,
    submitted_at timestamptz,
    graded_at timestamptz,
    graded_by int REFERENCES staff,
    grade numeric(4, 1)
);
CREATE TABLE hotel_bookings (
    id serial PRIMARY KEY,
    status text NOT NULL
        CHECK (status IN ('pending', 'confirmed', 'checked_in', 'checked_out', 'cancelled', 'no_show')),
    check_in date NOT NULL,
    check_out date NOT NULL,
    confirmed_at timestamptz,
    checked_in_at timestamptz,
    checked_out_at timestamptz,
    cancelled_at timestamptz
);
CREATE TABLE library_loans (
    id serial PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('borrowed', 'returned', 'overdue', 'lost')),
    borrowed_on date NOT NULL,
    due_on date NOT NULL,
    returned_on date,
    lost_on date,
    returned boolean NOT NULL
);
CREATE TABLE shipment_statuses (code text PRIMARY KEY, label text NOT NULL);
INSERT INTO shipment_statuses VALUES
    ('created', 'Created'), ('in_transit', 'In transit'), ('delivered', 'Delivered'), ('lost', 'Lost');
CREATE TABLE shipments (
    id serial PRIMARY KEY,
    status_code text NOT NULL REFERENCES shipment_statuses,
    tracking_code text,
    shipped_at timestamptz,
    delivered_at timestamptz,
    lost_at timestamptz,
    received_by text
);
CREATE TABLE articles (
    id serial PRIMARY KEY,
    -- The default stays, so that no article is published.
    status text NOT NULL DEFAULT 'draft',
    published_at timestamptz,
    published_by int REFERENCES staff,
    archived_at timestamptz,
    is_published boolean NOT NULL DEFAULT false
);
CREATE TABLE payments (
    id serial PRIMARY KEY,
    method text NOT NULL CHECK (method IN ('card', 'bank_transfer', 'cash')),
    card_brand text,
    bank_transfer_reference text,
    status text NOT NULL,
    failed_at timestamptz,
    failure_code text,
    refunded_at timestamptz
);

CREATE TABLE units (
    id serial PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('vacant', 'occupied')),
    current_lease_id int
);
CREATE TABLE leases (
    id serial PRIMARY KEY,
    unit_id int NOT NULL REFERENCES units,
    status text NOT NULL DEFAULT 'active',
    terminated_at timestamptz,
    termination_reason text NOT NULL
);
ALTER TABLE units ADD FOREIGN KEY (current_lease_id) REFERENCES leases;
