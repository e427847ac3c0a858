// Times a test that gets a database of its own from pgtestdb and inserts 5 users and 8 setups by hand, as the peers in
// compare.py do. Run it by hand, with a server of a superuser's behind PGHOST, PGPORT, PGUSER and PGPASSWORD:
//
//	go mod init seeded && go get github.com/peterldowns/pgtestdb github.com/jackc/pgx/v5 && go test -v
package seeded

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"sort"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/peterldowns/pgtestdb"
)

const schema = `
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, full_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE setups (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, title text NOT NULL,
    category text NOT NULL CHECK (category IN ('overlanding', 'van-life', 'car-camping')))`

type migrator struct{}

func (migrator) Hash() (string, error) { return "seeded", nil }

func (migrator) Migrate(ctx context.Context, db *sql.DB, _ pgtestdb.Config) error {
	_, err := db.ExecContext(ctx, schema)
	return err
}

func must(t *testing.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func TestSeeded(t *testing.T) {
	conf := pgtestdb.Config{DriverName: "pgx", User: os.Getenv("PGUSER"), Password: os.Getenv("PGPASSWORD"),
		Host: os.Getenv("PGHOST"), Port: os.Getenv("PGPORT"), Database: "postgres", Options: "sslmode=disable"}
	var times []time.Duration
	for turn := 0; turn < 50; turn++ {
		began := time.Now()
		t.Run(fmt.Sprint(turn), func(t *testing.T) {
			db := pgtestdb.New(t, conf, migrator{})
			users := make([]int, 5)
			for i := range users {
				must(t, db.QueryRow("INSERT INTO users (email, full_name) VALUES ($1, 'Ann') RETURNING id",
					fmt.Sprintf("user%d@example.org", i)).Scan(&users[i]))
			}
			for i := 0; i < 8; i++ {
				_, err := db.Exec("INSERT INTO setups (user_id, title, category) VALUES ($1, 'Camp', 'van-life')",
					users[i%5])
				must(t, err)
			}
			var count int
			must(t, db.QueryRow("SELECT count(*) FROM setups").Scan(&count))
			if count != 8 {
				t.Fatal(count)
			}
		})
		times = append(times, time.Since(began))
	}
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	t.Logf("a test, 5 users and 8 setups, a database of its own: %v", times[len(times)/2])
}
