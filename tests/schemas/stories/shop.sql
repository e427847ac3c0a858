-- A web shop: customers order products, pay, get deliveries and review what they bought.
CREATE TYPE order_status AS ENUM ('draft', 'pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded');
CREATE TABLE countries (
    code char(2) PRIMARY KEY,
    name text NOT NULL,
    currency char(3) NOT NULL
);
CREATE TABLE categories (
    id serial PRIMARY KEY,
    parent_id int REFERENCES categories,
    name text NOT NULL UNIQUE,
    slug text NOT NULL UNIQUE,
    description text
);
CREATE TABLE products (
    id serial PRIMARY KEY,
    category_id int NOT NULL REFERENCES categories,
    sku text NOT NULL UNIQUE,
    name text NOT NULL,
    slug text NOT NULL UNIQUE,
    description text NOT NULL,
    price numeric(10, 2) NOT NULL CHECK (price > 0),
    currency char(3) NOT NULL DEFAULT 'EUR',
    weight_grams int NOT NULL,
    stock_quantity int NOT NULL CHECK (stock_quantity >= 0),
    rating_average numeric(3, 2),
    review_count int NOT NULL,
    is_discontinued boolean NOT NULL DEFAULT false,
    discontinued_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE customers (
    id serial PRIMARY KEY,
    email text NOT NULL UNIQUE,
    first_name text NOT NULL,
    last_name text NOT NULL,
    full_name text NOT NULL,
    phone text,
    status text NOT NULL CHECK (status IN ('active', 'suspended', 'deleted')),
    suspended_at timestamptz,
    suspension_reason text,
    deleted_at timestamptz,
    orders_count int NOT NULL,
    total_spent numeric(12, 2) NOT NULL,
    last_order_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE addresses (
    id serial PRIMARY KEY,
    customer_id int NOT NULL REFERENCES customers,
    country_code char(2) NOT NULL REFERENCES countries,
    recipient text NOT NULL,
    street text NOT NULL,
    postal_code text NOT NULL,
    city text NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
    id serial PRIMARY KEY,
    number text NOT NULL UNIQUE,
    customer_id int NOT NULL REFERENCES customers,
    shipping_address_id int NOT NULL REFERENCES addresses,
    customer_email text NOT NULL,
    status order_status NOT NULL,
    currency char(3) NOT NULL,
    subtotal numeric(12, 2) NOT NULL,
    shipping_fee numeric(8, 2) NOT NULL,
    discount numeric(8, 2) NOT NULL,
    total numeric(12, 2) NOT NULL CHECK (total >= 0),
    item_count int NOT NULL,
    note text,
    placed_at timestamptz,
    paid_at timestamptz,
    shipped_at timestamptz,
    delivered_at timestamptz,
    cancelled_at timestamptz,
    cancellation_reason text,
    refunded_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE order_items (
    id serial PRIMARY KEY,
    order_id int NOT NULL REFERENCES orders,
    product_id int NOT NULL REFERENCES products,
    sku text NOT NULL,
    product_name text NOT NULL,
    quantity int NOT NULL CHECK (quantity > 0),
    unit_price numeric(10, 2) NOT NULL,
    line_total numeric(12, 2) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE payments (
    id serial PRIMARY KEY,
    order_id int NOT NULL REFERENCES orders,
    customer_id int NOT NULL REFERENCES customers,
    provider text NOT NULL CHECK (provider IN ('card', 'paypal', 'bank_transfer')),
    provider_reference text NOT NULL UNIQUE,
    amount_cents bigint NOT NULL,
    currency char(3) NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed', 'refunded')),
    failure_reason text,
    captured_at timestamptz,
    refunded_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE shipments (
    id serial PRIMARY KEY,
    order_id int NOT NULL REFERENCES orders,
    address_id int NOT NULL REFERENCES addresses,
    carrier text NOT NULL,
    tracking_number text,
    status text NOT NULL CHECK (status IN ('preparing', 'in_transit', 'delivered', 'returned')),
    weight_kg numeric(6, 2) NOT NULL,
    shipped_at timestamptz,
    delivered_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE reviews (
    id serial PRIMARY KEY,
    product_id int NOT NULL REFERENCES products,
    customer_id int NOT NULL REFERENCES customers,
    rating int NOT NULL CHECK (rating BETWEEN 1 AND 5),
    title text NOT NULL,
    body text NOT NULL,
    is_published boolean NOT NULL,
    published_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (product_id, customer_id)
);
CREATE TABLE coupons (
    id serial PRIMARY KEY,
    code text NOT NULL UNIQUE,
    percent_off int CHECK (percent_off BETWEEN 1 AND 100),
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    max_redemptions int NOT NULL,
    redemption_count int NOT NULL,
    is_active boolean NOT NULL
);
CREATE TABLE coupon_redemptions (
    id serial PRIMARY KEY,
    coupon_id int NOT NULL REFERENCES coupons,
    order_id int NOT NULL UNIQUE REFERENCES orders,
    customer_id int NOT NULL REFERENCES customers,
    redeemed_at timestamptz NOT NULL
);
