-- A subscription service: organisations, members, subscriptions, invoices, projects, tasks, and what people did.
CREATE TYPE subscription_status AS ENUM ('trialing', 'active', 'past_due', 'canceled');
CREATE TYPE task_status AS ENUM ('todo', 'in_progress', 'in_review', 'done', 'archived');
CREATE TABLE plans (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    monthly_price_cents int NOT NULL CHECK (monthly_price_cents >= 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    seat_limit int NOT NULL,
    trial_days int NOT NULL,
    is_public boolean NOT NULL DEFAULT true
);
CREATE TABLE organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    slug text NOT NULL UNIQUE,
    billing_email text NOT NULL,
    timezone text NOT NULL,
    members_count int NOT NULL,
    stripe_customer_id text UNIQUE,
    settings jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL UNIQUE,
    display_name text NOT NULL,
    avatar_url text,
    locale text NOT NULL,
    email_verified boolean NOT NULL,
    email_verified_at timestamptz,
    is_active boolean NOT NULL,
    deactivated_at timestamptz,
    sign_in_count int NOT NULL,
    last_sign_in_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE memberships (
    organization_id uuid NOT NULL REFERENCES organizations,
    user_id uuid NOT NULL REFERENCES users,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
    joined_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);
CREATE TABLE invitations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    invited_by uuid NOT NULL REFERENCES users,
    email text NOT NULL,
    role text NOT NULL CHECK (role IN ('admin', 'member', 'viewer')),
    token text NOT NULL UNIQUE,
    status text NOT NULL CHECK (status IN ('pending', 'accepted', 'expired', 'revoked')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz
);
CREATE TABLE subscriptions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    plan_id uuid NOT NULL REFERENCES plans,
    status subscription_status NOT NULL,
    seats int NOT NULL CHECK (seats > 0),
    trial_ends_at timestamptz,
    current_period_start timestamptz NOT NULL,
    current_period_end timestamptz NOT NULL,
    canceled_at timestamptz,
    cancel_reason text,
    stripe_subscription_id text UNIQUE,
    created_at timestamptz NOT NULL
);
CREATE TABLE invoices (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    subscription_id uuid NOT NULL REFERENCES subscriptions,
    number text NOT NULL UNIQUE,
    status text NOT NULL CHECK (status IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
    currency text NOT NULL,
    subtotal_cents int NOT NULL,
    tax_cents int NOT NULL,
    total_cents int NOT NULL,
    amount_paid_cents int NOT NULL,
    amount_due_cents int NOT NULL,
    period tstzrange NOT NULL,
    finalized_at timestamptz,
    paid_at timestamptz,
    voided_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE TABLE invoice_lines (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    invoice_id uuid NOT NULL REFERENCES invoices,
    description text NOT NULL,
    quantity int NOT NULL CHECK (quantity > 0),
    unit_amount_cents int NOT NULL,
    amount_cents int NOT NULL
);
CREATE TABLE projects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    owner_id uuid NOT NULL REFERENCES users,
    name text NOT NULL,
    key text NOT NULL,
    description text,
    tasks_count int NOT NULL,
    completed_tasks_count int NOT NULL,
    is_archived boolean NOT NULL,
    archived_at timestamptz,
    created_at timestamptz NOT NULL,
    UNIQUE (organization_id, key)
);
CREATE TABLE tasks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    project_id uuid NOT NULL REFERENCES projects,
    organization_id uuid NOT NULL REFERENCES organizations,
    assignee_id uuid REFERENCES users,
    title text NOT NULL,
    description text,
    status task_status NOT NULL,
    priority text NOT NULL CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
    estimate_minutes int,
    comments_count int NOT NULL,
    due_on date,
    started_at timestamptz,
    completed_at timestamptz,
    archived_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE TABLE comments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    task_id uuid NOT NULL REFERENCES tasks,
    author_id uuid NOT NULL REFERENCES users,
    parent_id uuid REFERENCES comments,
    body text NOT NULL,
    edited_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE TABLE audit_logs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    actor_id uuid REFERENCES users,
    action text NOT NULL,
    old_values jsonb,
    new_values jsonb,
    ip_address inet,
    user_agent text,
    http_status int,
    duration_ms int NOT NULL,
    created_at timestamptz NOT NULL
);
