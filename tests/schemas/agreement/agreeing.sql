-- Tables that reference one another in several ways: of a shop, a clinic, a software service, a school and a carrier.

CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL, currency char(3) NOT NULL);
INSERT INTO countries VALUES
    ('DE', 'Germany', 'EUR'), ('FR', 'France', 'EUR'), ('GB', 'United Kingdom', 'GBP'), ('US', 'United States', 'USD');

-- A shop.
CREATE TABLE customers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE, first_name text NOT NULL,
    last_name text NOT NULL, currency char(3) NOT NULL, created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE addresses (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers,
    street text NOT NULL, city text NOT NULL, postal_code text NOT NULL, country_code char(2) NOT NULL REFERENCES countries,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sku text NOT NULL UNIQUE, name text NOT NULL,
    price numeric(10, 2) NOT NULL CHECK (price > 0), created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers,
    shipping_address_id bigint NOT NULL REFERENCES addresses, billing_address_id bigint NOT NULL REFERENCES addresses,
    customer_name text NOT NULL, customer_email text NOT NULL, currency char(3) NOT NULL DEFAULT 'XXX',
    shipping_city text, shipping_zip text, billing_country char(2),
    ordered_at timestamptz NOT NULL, shipped_at timestamptz, updated_at timestamptz NOT NULL
);
CREATE TABLE order_items (
    order_id bigint NOT NULL REFERENCES orders, product_id bigint NOT NULL REFERENCES products,
    sku text NOT NULL, product_name varchar(200) NOT NULL, quantity int NOT NULL CHECK (quantity BETWEEN 1 AND 9),
    unit_price numeric(10, 2) NOT NULL CHECK (unit_price > 0), created_at timestamptz NOT NULL,
    PRIMARY KEY (order_id, product_id)
);
CREATE TABLE reviews (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, product_id bigint NOT NULL REFERENCES products,
    customer_id uuid NOT NULL REFERENCES customers, rating int NOT NULL, posted_on date NOT NULL
);

-- A clinic.
CREATE TABLE patients (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL,
    date_of_birth date NOT NULL, mrn text NOT NULL UNIQUE, registered_at timestamptz NOT NULL
);
CREATE TABLE doctors (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, full_name text NOT NULL, created_at timestamptz NOT NULL
);
CREATE TABLE appointments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, patient_id bigint NOT NULL REFERENCES patients,
    doctor_id bigint NOT NULL REFERENCES doctors, patient_name text NOT NULL, starts_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE encounters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, appointment_id bigint NOT NULL REFERENCES appointments,
    patient_id bigint NOT NULL REFERENCES patients, doctor_id bigint NOT NULL REFERENCES doctors,
    started_at timestamptz NOT NULL, ended_at timestamptz
);
CREATE TABLE prescriptions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, encounter_id bigint NOT NULL REFERENCES encounters,
    patient_id bigint NOT NULL REFERENCES patients, patient_mrn text NOT NULL, prescribed_on date NOT NULL
);

-- A software service.
CREATE TABLE organizations (
    id uuid PRIMARY KEY, name text NOT NULL, slug text NOT NULL UNIQUE, created_at timestamptz NOT NULL
);
CREATE TABLE users (
    id uuid PRIMARY KEY, email text NOT NULL UNIQUE, created_at timestamptz NOT NULL
);
CREATE TABLE memberships (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations,
    user_id uuid NOT NULL REFERENCES users, joined_at timestamptz NOT NULL, UNIQUE (organization_id, user_id)
);
CREATE TABLE projects (
    id uuid PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations, owner_id uuid NOT NULL REFERENCES users,
    name text NOT NULL, created_at timestamptz NOT NULL, archived_at timestamptz
);
CREATE TABLE tasks (
    id uuid PRIMARY KEY, project_id uuid NOT NULL REFERENCES projects, assignee_id uuid REFERENCES users,
    organization_id uuid NOT NULL, organization_slug text NOT NULL, title text NOT NULL, created_at timestamptz NOT NULL
);
CREATE TABLE comments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, task_id uuid NOT NULL REFERENCES tasks,
    parent_id bigint REFERENCES comments, author_id uuid NOT NULL REFERENCES users, body text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE subscriptions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations,
    currency char(3) NOT NULL, started_at timestamptz NOT NULL, cancelled_at timestamptz
);
CREATE TABLE invoices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subscription_id bigint NOT NULL REFERENCES subscriptions,
    organization_id uuid NOT NULL REFERENCES organizations, currency char(3) NOT NULL, issued_at timestamptz NOT NULL,
    due_on date NOT NULL
);
CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoices,
    organization_id uuid NOT NULL REFERENCES organizations, currency char(3) NOT NULL, paid_at timestamptz NOT NULL
);

-- A school.
CREATE TABLE schools (id int PRIMARY KEY, name text NOT NULL, created_at timestamp NOT NULL);
CREATE TABLE students (
    id int PRIMARY KEY, school_id int NOT NULL REFERENCES schools, full_name text NOT NULL, enrolled_on date NOT NULL
);
CREATE TABLE courses (
    id int PRIMARY KEY, school_id int NOT NULL REFERENCES schools, title text NOT NULL, created_at timestamp NOT NULL
);
CREATE TABLE enrollments (
    student_id int NOT NULL REFERENCES students, course_id int NOT NULL REFERENCES courses, student_name text NOT NULL,
    course_title text NOT NULL, enrolled_at timestamp NOT NULL, PRIMARY KEY (student_id, course_id)
);

-- A carrier.
CREATE TABLE warehouses (
    id int PRIMARY KEY, city text NOT NULL, timezone text NOT NULL, opened_on date NOT NULL
);
CREATE TABLE shipments (
    id int PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders, warehouse_id int NOT NULL REFERENCES warehouses,
    customer_id uuid NOT NULL REFERENCES customers, timezone text, created_at timestamptz NOT NULL,
    delivered_at timestamptz
);
