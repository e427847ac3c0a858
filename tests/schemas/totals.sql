-- Columns that are totals over the rows that reference theirs: a shop, a school, a bank, music, software, logistics.
CREATE TABLE customers (
    id serial PRIMARY KEY,
    name text NOT NULL,
    orders_count int NOT NULL DEFAULT 0,
    total_spent numeric(12, 2) NOT NULL DEFAULT 0 CHECK (total_spent >= 0),
    last_order_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE products (
    id serial PRIMARY KEY,
    name text NOT NULL,
    price numeric(10, 2) NOT NULL,
    average_rating numeric(3, 2) CHECK (average_rating BETWEEN 1 AND 5),
    review_count int NOT NULL DEFAULT 0,
    min_variant_price numeric(10, 2),
    variants_count smallint NOT NULL
);
CREATE TABLE variants (id serial PRIMARY KEY, product_id int NOT NULL REFERENCES products, price numeric(10, 2) NOT NULL);
CREATE TABLE reviews (
    id serial PRIMARY KEY,
    product_id int NOT NULL REFERENCES products,
    rating int NOT NULL CHECK (rating BETWEEN 1 AND 5),
    body text
);
CREATE TABLE orders (
    id serial PRIMARY KEY,
    customer_id int NOT NULL REFERENCES customers ON DELETE CASCADE,
    placed_at timestamptz NOT NULL,
    subtotal numeric(12, 2) NOT NULL,
    tax numeric(12, 2) NOT NULL,
    shipping numeric(12, 2) NOT NULL,
    discount numeric(12, 2) NOT NULL,
    total numeric(12, 2) NOT NULL CHECK (total >= 0),
    item_count int NOT NULL,
    quantity_total bigint NOT NULL,
    amount_refunded numeric(12, 2) NOT NULL DEFAULT 0,
    rounded int GENERATED ALWAYS AS (round(total)) STORED,
    note varchar(400)
);
CREATE TABLE order_items (
    id serial PRIMARY KEY,
    order_id int NOT NULL REFERENCES orders,
    product_id int NOT NULL REFERENCES products,
    quantity int NOT NULL CHECK (quantity > 0),
    unit_price numeric(10, 2) NOT NULL,
    line_total numeric(12, 2) NOT NULL
);
CREATE TABLE refunds (
    id serial PRIMARY KEY,
    order_id int NOT NULL REFERENCES orders,
    amount numeric(10, 2) NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed'))
);
CREATE TABLE carts (id serial PRIMARY KEY, total_cents int NOT NULL, items_count int NOT NULL);
CREATE TABLE cart_items (
    id serial PRIMARY KEY,
    cart_id int NOT NULL REFERENCES carts,
    quantity int NOT NULL,
    unit_price_cents int NOT NULL
);
CREATE TABLE invoices (
    id serial PRIMARY KEY,
    number text UNIQUE NOT NULL,
    total float8 NOT NULL,
    amount_paid float8 NOT NULL,
    amount_due float8 NOT NULL
);
CREATE TABLE invoice_lines (
    invoice_id int NOT NULL REFERENCES invoices,
    line_no int NOT NULL,
    quantity numeric(8, 2) NOT NULL,
    unit_price float8 NOT NULL,
    PRIMARY KEY (invoice_id, line_no)
);
CREATE TABLE payments (id serial PRIMARY KEY, invoice_id int NOT NULL REFERENCES invoices, amount float8 NOT NULL);
CREATE TABLE accounts (id serial PRIMARY KEY, iban text UNIQUE, balance numeric(14, 2) NOT NULL, transactions_count int);
CREATE TYPE direction AS ENUM ('deposit', 'withdrawal');
CREATE TABLE transactions (
    id serial PRIMARY KEY,
    account_id int NOT NULL REFERENCES accounts,
    kind direction NOT NULL,
    amount numeric(12, 2) NOT NULL CHECK (amount > 0),
    booked_at timestamptz NOT NULL
);
CREATE TABLE ledgers (id serial PRIMARY KEY, name text NOT NULL, balance_cents bigint NOT NULL);
CREATE TABLE ledger_entries (id serial PRIMARY KEY, ledger_id int REFERENCES ledgers, amount_cents bigint NOT NULL);
CREATE TABLE artists (id serial PRIMARY KEY, name text NOT NULL, album_count int NOT NULL, track_count int NOT NULL);
CREATE TABLE albums (
    id serial PRIMARY KEY,
    artist_id int NOT NULL REFERENCES artists,
    title text NOT NULL,
    total_duration_seconds int NOT NULL,
    track_count smallint NOT NULL
);
CREATE TABLE tracks (
    id serial PRIMARY KEY,
    album_id int NOT NULL REFERENCES albums,
    title text NOT NULL,
    duration_ms int NOT NULL,
    play_count int NOT NULL,
    last_played_at timestamptz
);
CREATE TABLE plays (id bigserial PRIMARY KEY, track_id int NOT NULL REFERENCES tracks, played_at timestamptz NOT NULL);
CREATE TABLE playlists (id serial PRIMARY KEY, name text NOT NULL, track_count int NOT NULL, total_duration_ms bigint NOT NULL);
CREATE TABLE playlist_tracks (
    playlist_id int NOT NULL REFERENCES playlists,
    track_id int NOT NULL REFERENCES tracks,
    position int NOT NULL,
    PRIMARY KEY (playlist_id, track_id)
);
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text UNIQUE NOT NULL,
    login_count int NOT NULL DEFAULT 0,
    failed_attempts int NOT NULL DEFAULT 0,
    last_login_at timestamptz,
    followers_count int NOT NULL DEFAULT 0,
    following_count int NOT NULL DEFAULT 0
);
CREATE TABLE sessions (id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, started_at timestamptz NOT NULL);
CREATE TABLE login_attempts (id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users, success boolean NOT NULL);
CREATE TABLE follows (
    follower_id uuid NOT NULL REFERENCES users,
    followed_id uuid NOT NULL REFERENCES users,
    PRIMARY KEY (follower_id, followed_id)
);
CREATE TABLE projects (
    id serial PRIMARY KEY,
    name text NOT NULL,
    task_count int NOT NULL,
    completed_tasks int NOT NULL,
    open_tasks_count int NOT NULL,
    progress numeric(5, 2) NOT NULL,
    members_count int NOT NULL,
    active_members_count int NOT NULL,
    total_hours numeric(8, 2),
    updated_at timestamptz NOT NULL
);
CREATE TABLE project_members (
    project_id int NOT NULL REFERENCES projects,
    user_id uuid NOT NULL REFERENCES users,
    is_active boolean NOT NULL,
    PRIMARY KEY (project_id, user_id)
);
CREATE TABLE tasks (
    id serial PRIMARY KEY,
    project_id int NOT NULL REFERENCES projects,
    title text NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'in_progress', 'completed')),
    hours numeric(6, 2) NOT NULL
);
CREATE TABLE courses (
    id serial PRIMARY KEY,
    title text NOT NULL,
    enrolled_count int NOT NULL,
    lesson_count int NOT NULL,
    average_grade numeric(5, 2),
    capacity int NOT NULL CHECK (capacity > 0)
);
CREATE TABLE students (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE enrollments (
    course_id int NOT NULL REFERENCES courses,
    student_id int NOT NULL REFERENCES students,
    grade numeric(5, 2) NOT NULL,
    PRIMARY KEY (course_id, student_id)
);
CREATE TABLE modules (id serial PRIMARY KEY, course_id int NOT NULL REFERENCES courses, title text NOT NULL);
CREATE TABLE lessons (id serial PRIMARY KEY, module_id int NOT NULL REFERENCES modules, title text NOT NULL);
CREATE TABLE warehouses (id serial PRIMARY KEY, name text NOT NULL, stock int NOT NULL, shipments_count int NOT NULL);
CREATE TABLE stock_levels (id serial PRIMARY KEY, warehouse_id int NOT NULL REFERENCES warehouses, quantity int NOT NULL);
CREATE TABLE shipments (
    id serial PRIMARY KEY,
    warehouse_id int NOT NULL REFERENCES warehouses,
    package_count int NOT NULL,
    total_weight_kg numeric(8, 2) NOT NULL
);
CREATE TABLE packages (id serial PRIMARY KEY, shipment_id int NOT NULL REFERENCES shipments, weight_kg numeric(6, 2) NOT NULL);
CREATE TABLE posts (
    id serial PRIMARY KEY,
    title text NOT NULL,
    comments_count int NOT NULL DEFAULT 0,
    likes_count int NOT NULL DEFAULT 0,
    last_comment_at timestamptz,
    score int NOT NULL
);
CREATE TABLE comments (
    id serial PRIMARY KEY,
    post_id int NOT NULL REFERENCES posts,
    parent_id int REFERENCES comments,
    replies_count int NOT NULL DEFAULT 0,
    body text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE likes (post_id int NOT NULL REFERENCES posts, user_id uuid NOT NULL REFERENCES users, PRIMARY KEY (post_id, user_id));
CREATE TABLE votes (
    post_id int NOT NULL REFERENCES posts,
    user_id uuid NOT NULL REFERENCES users,
    value smallint NOT NULL CHECK (value IN (-1, 1)),
    PRIMARY KEY (post_id, user_id)
);
CREATE TABLE threads (id serial PRIMARY KEY, subject text NOT NULL, last_message_at timestamptz, unread_count int NOT NULL);
CREATE TABLE messages (
    id serial PRIMARY KEY,
    thread_id int NOT NULL REFERENCES threads,
    body text NOT NULL,
    is_read boolean NOT NULL,
    sent_at timestamptz NOT NULL
);
