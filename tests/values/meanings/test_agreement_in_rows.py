"""Values of one row that agree: lines, totals, lengths of time, ranges, shares of wholes, dates in order.

A table is spelt as ``name: column type, ...``; its rows have to fulfil a condition in the names of its columns.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pytest_supaseed.model.schema import Column, ColumnType, Table
from test_column_values import rows_of, table_of, typed

_CATEGORIES = {"interval": "T", "daterange": "R", "tstzrange": "R", "tsrange": "R"}


def spelt_column(text: str) -> Column:
    name, kind = text.split(" ", 1)
    nullable = kind.endswith("?")
    found = re.fullmatch(r"numeric\((\d+),(\d+)\)", kind := kind.removesuffix("?"))
    if found:
        return Column(name, typed("numeric", precision=int(found[1]), scale=int(found[2])), nullable)
    return Column(name, ColumnType(kind, kind, _CATEGORIES.get(kind, typed(kind).category)), nullable)


def spelt_table(text: str) -> Table:
    name, columns = text.split(": ")
    return table_of(name, *map(spelt_column, re.split(r", (?=\w)", columns)))


def _seconds(first: Any, last: Any) -> int:
    return (last - first) // timedelta(seconds=1)


def _near(left: Any, right: Any, most: float = 0.01) -> bool:
    return bool(abs(float(left) - float(right)) <= most)


NAMES = {
    "abs": abs, "near": _near, "seconds": _seconds, "str": str, "Decimal": Decimal, "date": date, "datetime": datetime,
    "timedelta": timedelta, "round": round, "max": max,
}  # fmt: skip
# Tables with nothing in their order, and a condition in which a column without a value is None.
LINES = {
    "order_items: total numeric(10,2), quantity int4, unit_price numeric(10,2)": "total == quantity * unit_price",
    "order_lines: line_total float8, qty int4, price float8": "near(line_total, qty * price)",
    "cart_items: line_amount_cents int4, unit_price_cents int4, quantity int4": (
        "line_amount_cents == quantity * unit_price_cents"
    ),
    "invoice_lines: amount numeric(12,2), quantity numeric(8,2), unit_amount numeric(12,2)": (
        "near(amount, quantity * unit_amount)"
    ),
    "sale_items: extended_price numeric(10,2), discount numeric(10,2), tax numeric(10,2), quantity int4, "
    "unit_price numeric(10,2)": "extended_price == quantity * unit_price - discount + tax",
    "order_details: total_price numeric(10,2), discount numeric(3,2), quantity int4, unit_price numeric(10,2)": (
        "near(total_price, quantity * unit_price * (1 - discount))"
    ),
    "quote_lines: line_total numeric(10,2), discount_percent numeric(5,2), quantity int4, unit_price numeric(10,2)": (
        "near(line_total, quantity * unit_price * (1 - discount_percent / 100))"
    ),
    "purchase_lines: total_cost numeric(10,2), quantity_ordered int4, unit_cost numeric(10,2)": (
        "total_cost == quantity_ordered * unit_cost"
    ),
    "positions: subtotal_minor int8, quantity int4, price_minor int8": "subtotal_minor == quantity * price_minor",
    "time_entries: amount numeric(10,2), hours numeric(5,2), hourly_rate numeric(8,2)": (
        "near(amount, hours * hourly_rate)"
    ),
    "bookings: total_price numeric(10,2), nights int4, price_per_night numeric(8,2), check_in date, check_out date": (
        "total_price == nights * price_per_night and nights == (check_out - check_in).days > 0"
    ),
    "rentals: total_cents int4, days int4, daily_rate_cents int4": "total_cents == days * daily_rate_cents",
    "royalties: amount numeric(12,2), streams int4, rate_per_stream numeric(8,6)": (
        "near(amount, streams * rate_per_stream)"
    ),
    "stays: room_total numeric(10,2), nights int4, rate_per_night numeric(8,2)": (
        "room_total == nights * rate_per_night"
    ),
    "freights: total numeric(12,2), distance_km numeric(8,2), price_per_km numeric(6,2)": (
        "near(total, distance_km * price_per_km)"
    ),
    "catering: total_cost_cents int8, cost_per_person_cents int4, people int4": (
        "total_cost_cents == cost_per_person_cents * people"
    ),
    "work_logs: amount numeric(10,2), hours numeric(5,2), billing_rate numeric(8,2)": (
        "near(amount, hours * billing_rate)"
    ),
}
TOTALS = {
    "orders: total numeric(10,2), tax numeric(10,2), discount numeric(10,2), shipping_cost numeric(10,2), "
    "subtotal numeric(10,2)": "total == subtotal + tax + shipping_cost - discount and discount < subtotal",
    "orders: grand_total_cents int4, tax_cents int4, discount_cents int4, shipping_cents int4, subtotal_cents int4": (
        "grand_total_cents == subtotal_cents + tax_cents + shipping_cents - discount_cents"
    ),
    "invoices: gross numeric(10,2), vat numeric(10,2), net numeric(10,2), vat_rate numeric(5,2)": (
        "gross == net + vat and near(vat, net * vat_rate / 100) and vat_rate >= 5"
    ),
    "invoices: tax_amount numeric(10,2), tax_rate numeric(4,4), subtotal numeric(10,2)": (
        "near(tax_amount, subtotal * tax_rate) and 0 < tax_rate < 1"
    ),
    "bills: tax_amount_cents int4, tax_rate_bp int4, subtotal_cents int4": (
        "near(tax_amount_cents, subtotal_cents * tax_rate_bp / 10000, 1) and tax_rate_bp >= 500"
    ),
    "invoices: balance_due numeric(10,2), amount_paid numeric(10,2), total numeric(10,2)": (
        "balance_due == total - amount_paid and 0 <= amount_paid <= total"
    ),
    "stays: room_total_cents int4, extras_total_cents int4, tax_cents int4, total_cents int4, nights int4, "
    "nightly_rate_cents int4": (
        "total_cents == room_total_cents + extras_total_cents + tax_cents "
        "and room_total_cents == nights * nightly_rate_cents"
    ),
    "entries: pay numeric(10,2)?, hours numeric(5,2), hourly_rate numeric(8,2)": "near(pay, hours * hourly_rate)",
    "books: copies_available int4, copies_total int4": "0 <= copies_available <= copies_total",
    "receipts: total numeric(10,2), tip numeric(10,2), tax numeric(10,2), subtotal numeric(10,2)": (
        "total == subtotal + tip + tax"
    ),
    "payslips: net_pay numeric(10,2), gross_pay numeric(10,2), tax numeric(10,2), pension numeric(10,2)": (
        "net_pay == gross_pay - tax - pension and net_pay > 0"
    ),
    "fees: balance numeric(10,2), amount_paid numeric(10,2), amount_due numeric(10,2), is_paid bool": (
        "balance == amount_due - amount_paid and (balance == 0) == is_paid"
    ),
    "payslips: net_pay numeric(10,2), gross_pay numeric(10,2), tax_withheld numeric(10,2), medicare numeric(10,2), "
    "social_security numeric(10,2), pension_contribution numeric(10,2)": (
        "net_pay == gross_pay - tax_withheld - medicare - social_security - pension_contribution and net_pay > 0"
    ),
    "loan_payments: amount numeric(12,2), principal_part numeric(12,2), interest_part numeric(12,2)": (
        "amount == principal_part + interest_part"
    ),
    "instalments: total_payment_cents int4, principal_cents int4, interest_cents int4, late_fee_cents int4": (
        "total_payment_cents == principal_cents + interest_cents + late_fee_cents"
    ),
    "repairs: total_cost numeric(10,2), labor_cost numeric(10,2), materials_cost numeric(10,2)": (
        "total_cost == labor_cost + materials_cost"
    ),
    "payments: payment_amount numeric(10,2), interest_portion numeric(10,2), principal_portion numeric(10,2)": (
        "payment_amount == interest_portion + principal_portion"
    ),
    "stays: grand_total numeric(10,2), room_total numeric(10,2), tax_amount numeric(10,2)": (
        "grand_total == room_total + tax_amount"
    ),
    "payouts: amount numeric(10,2), fee numeric(10,2), net numeric(10,2)": "amount == net + fee",
    "fines: balance numeric(7,2), amount_paid numeric(7,2), amount numeric(7,2)": (
        "balance == amount - amount_paid >= 0"
    ),
    "bills: total_due numeric(9,2), rent_amount numeric(9,2), utilities_amount numeric(9,2), late_fee numeric(9,2)": (
        "total_due == rent_amount + utilities_amount + late_fee"
    ),
    "loans: outstanding numeric(12,2), amount_repaid numeric(12,2), principal numeric(12,2)": (
        "outstanding == principal - amount_repaid >= 0"
    ),
    "debts: remaining_balance numeric(12,2), repaid numeric(12,2), loan_amount numeric(12,2)": (
        "remaining_balance == loan_amount - repaid >= 0"
    ),
    "reports: profit numeric(12,2), costs numeric(12,2), revenue numeric(12,2)": "profit == revenue - costs",
}
CHARGES = {
    "rides: total numeric(10,2), tip numeric(6,2), fare numeric(10,2), rate_per_km numeric(6,2), distance_km int4, "
    "end_odometer_km int4, start_odometer_km int4, fuel_cost numeric(8,2), price_per_liter numeric(5,3), "
    "fuel_liters numeric(6,2)": (
        "total == fare + tip and near(fare, distance_km * rate_per_km) "
        "and distance_km == end_odometer_km - start_odometer_km > 0 "
        "and near(fuel_cost, fuel_liters * price_per_liter)"
    ),
    "meter_readings: total_amount numeric(10,2), vat numeric(8,2), standing_charge numeric(8,2), "
    "energy_charge numeric(10,2), kwh_used int4, rate_per_kwh numeric(6,4), current_reading int4, "
    "previous_reading int4": (
        "kwh_used == current_reading - previous_reading > 0 and near(energy_charge, kwh_used * rate_per_kwh) "
        "and total_amount == energy_charge + standing_charge + vat"
    ),
    "lessons: fee numeric(8,2), hourly_rate numeric(8,2), hours numeric(4,2), booking_fee numeric(8,2)": (
        "near(fee, hours * hourly_rate)"
    ),
    "ads: budget_remaining numeric(10,2), clicks int4, spend numeric(10,2), cost_per_click numeric(6,2), "
    "budget numeric(10,2)": ("near(spend, clicks * cost_per_click) and budget_remaining == budget - spend"),
    "stocks: closing_stock int4, sold int4, damaged int4, received int4, opening_stock int4": (
        "closing_stock == opening_stock + received - sold - damaged >= 0"
    ),
    "statements: closing_balance_cents int8, total_debits_cents int8, total_credits_cents int8, "
    "opening_balance_cents int8": (
        "closing_balance_cents == opening_balance_cents + total_credits_cents - total_debits_cents"
    ),
    "counts: variance int4, counted_quantity int4, expected_quantity int4": (
        "variance == counted_quantity - expected_quantity"
    ),
    "budgets: variance_cents int4, actual_cents int4, budgeted_cents int4": (
        "variance_cents == actual_cents - budgeted_cents"
    ),
    "weeks: total_hours numeric(6,2), regular_hours numeric(5,2), overtime_hours numeric(5,2)": (
        "total_hours == regular_hours + overtime_hours"
    ),
    "teams: matches_played int4, wins int4, draws int4, losses int4": "matches_played == wins + draws + losses",
    "classes: total_count int4, male_count int4, female_count int4": "total_count == male_count + female_count",
    "bookings: guest_count int4, adults int4, children int4": "guest_count == adults + children",
    "claims: approved_amount numeric(10,2), payout_amount numeric(10,2), claimed_amount numeric(10,2)": (
        "payout_amount == approved_amount <= claimed_amount"
    ),
}
LENGTHS = {
    "calls: duration_seconds int4, started_at timestamptz, ended_at timestamptz": (
        "duration_seconds == seconds(started_at, ended_at) > 0"
    ),
    "meetings: duration_minutes int4, starts_at timestamp, ends_at timestamp": (
        "near(duration_minutes, seconds(starts_at, ends_at) / 60, 0.5)"
    ),
    "jobs: elapsed_ms int8, started_at timestamptz, finished_at timestamptz?": (
        "elapsed_ms == (None if finished_at is None else seconds(started_at, finished_at) * 1000) or elapsed_ms"
    ),
    "jobs: duration_ms int8?, started_at timestamptz, finished_at timestamptz?": (
        "duration_ms == (None if finished_at is None else seconds(started_at, finished_at) * 1000)"
    ),
    "timesheets: hours_worked numeric(5,2), started_at timestamptz, ended_at timestamptz": (
        "near(hours_worked, seconds(started_at, ended_at) / 3600)"
    ),
    "entries: hours numeric(5,2), started time, ended time, break_minutes int4": (
        "near(hours, max((ended.hour - started.hour) + (ended.minute - started.minute - break_minutes) / 60, 0), 0.02)"
    ),
    "shifts: worked_minutes int4, shift_start timestamptz, shift_end timestamptz, unpaid_break_minutes int4": (
        "near(worked_minutes, max(seconds(shift_start, shift_end) / 60 - unpaid_break_minutes, 0), 0.6)"
    ),
    "timesheets: week_end date, week_start date, total_hours numeric(6,2)": (
        "(week_end - week_start).days == 6 and total_hours >= 0"
    ),
    "payslips: period_end date, period_start date": "27 <= (period_end - period_start).days <= 30",
    "bands: disbanded_year int4, formed_year int4": "formed_year <= disbanded_year",
    "careers: year_ended int4, year_started int4": "year_started <= year_ended",
    "shifts: duration interval, start_time timestamptz, end_time timestamptz": "duration == end_time - start_time",
    "stays: nights int4, check_in date, check_out date": "nights == (check_out - check_in).days",
    "flights: duration_minutes int4, departure_time timestamptz, arrival_time timestamptz": (
        "near(duration_minutes, seconds(departure_time, arrival_time) / 60, 0.5)"
    ),
    "leaves: total_days int4, start_date date, end_date date": "total_days == (end_date - start_date).days",
    "trip_stops: dwell_seconds int4, departed_at timestamptz, arrived_at timestamptz": (
        "dwell_seconds == seconds(arrived_at, departed_at) > 0"
    ),
    "reservations: nights int4, departure_date date, arrival_date date": (
        "nights == (departure_date - arrival_date).days > 0"
    ),
    "parcels: volume_cm3 int4, height_cm int4, width_cm int4, length_cm int4": (
        "volume_cm3 == length_cm * width_cm * height_cm"
    ),
    "lessons: duration_minutes int4, scheduled_at timestamptz, ends_at timestamptz": (
        "near(duration_minutes, seconds(scheduled_at, ends_at) / 60, 0.5) or ends_at < scheduled_at"
    ),
}
RANGES = {
    "bookings: period daterange, start_date date, end_date date": "period == f'[{start_date},{end_date})'",
    "slots: during tstzrange, starts_at timestamptz, ends_at timestamptz": (
        "period_text(during) == (starts_at, ends_at)"
    ),
    "prices: valid_range tsrange, valid_from timestamp, valid_to timestamp": (
        "period_text(valid_range) == (valid_from, valid_to)"
    ),
}
WHOLES = {
    "quotas: remaining int4, used int4, quota int4": "remaining == quota - used >= 0",
    "employees: vacation_days_left int4, vacation_days_total int4, vacation_days_used int4": (
        "vacation_days_left == vacation_days_total - vacation_days_used >= 0"
    ),
    "passes: remaining_visits int4, used_visits int4, visits_included int4": (
        "remaining_visits == visits_included - used_visits >= 0"
    ),
    "packages: sessions_left int4, sessions_attended int4, sessions_purchased int4": (
        "sessions_left == sessions_purchased - sessions_attended >= 0"
    ),
    "inventory: quantity_available int4, quantity_reserved int4, quantity_on_hand int4": (
        "quantity_available == quantity_on_hand - quantity_reserved >= 0"
    ),
    "events: available_seats int4, booked_seats int4, capacity int4": (
        "available_seats == capacity - booked_seats >= 0"
    ),
    "campaigns: progress_percent numeric(5,2), raised_amount numeric(12,2), goal_amount numeric(12,2)": (
        "near(progress_percent, raised_amount / goal_amount * 100) and progress_percent <= 100"
    ),
    "exams: percentage numeric(5,2), score int4, max_score int4": (
        "near(percentage, 100 * score / max_score if max_score else 0) and 0 <= score <= max_score"
    ),
    "projects: completed_tasks int4, total_tasks int4, progress int4": (
        "near(progress, 100 * completed_tasks / total_tasks if total_tasks else 0, 0.5)"
    ),
    "budgets: remaining numeric(10,2), spent numeric(10,2), budget numeric(10,2)": "remaining == budget - spent >= 0",
    "vitals: bmi numeric(4,1), weight_kg numeric(5,1), height_cm numeric(5,1)": (
        "near(bmi, weight_kg / (height_cm / 100) ** 2, 0.05)"
    ),
}
N = "numeric(12,2)"
# Equations that the words of all names tell.
EQUATIONS = {
    f"cust_mast: avail_credit {N}, curr_bal {N}, credit_lim {N}": "avail_credit == credit_lim - curr_bal >= 0",
    f"items: std_cost {N}, matl_cost {N}, labor_cost {N}, ovhd_cost {N}": (
        "std_cost == matl_cost + labor_cost + ovhd_cost"
    ),
    "lines: qty_bo int4, qty_shp int4, qty_ord int4": "qty_bo == qty_ord - qty_shp >= 0",
    "work_orders: qty_rem int4, qty_scrap int4, qty_compl int4, qty_ord int4": (
        "qty_rem == qty_ord - qty_compl - qty_scrap >= 0"
    ),
    "inspections: qty_insp int4, qty_pass int4, qty_fail int4": "qty_insp == qty_pass + qty_fail",
    "inspections: in_tol bool, meas_value numeric(9,3), upper_lim numeric(9,3), lower_lim numeric(9,3), "
    "nominal numeric(9,3)": (
        "in_tol == (lower_lim <= meas_value <= upper_lim) and lower_lim <= nominal <= upper_lim"
    ),
    f"operations: oper_cost {N}, tot_hrs {N}, run_hrs {N}, setup_hrs {N}, hrly_rate {N}": (
        "tot_hrs == setup_hrs + run_hrs and near(oper_cost, tot_hrs * hrly_rate)"
    ),
    f"components: ext_cost {N}, qty_per int4, unit_cost {N}": "ext_cost == qty_per * unit_cost",
    f"orders: tot_amt {N}, tax_amt {N}, net_amt {N}, disc_amt {N}, disc_pct numeric(5,2), ord_amt {N}": (
        "near(disc_amt, ord_amt * disc_pct / 100) and net_amt == ord_amt - disc_amt and tot_amt == net_amt + tax_amt"
    ),
    f"work_orders: hrs_var {N}, act_hrs {N}, est_hrs {N}": "hrs_var == act_hrs - est_hrs",
    "menu_items: margin_cents int4, cost_cents int4, price_cents int4": "margin_cents == price_cents - cost_cents",
    "payments: change_cents int4, tendered_cents int4, amount_cents int4": (
        "change_cents == tendered_cents - amount_cents >= 0"
    ),
    "shifts: wage_cents int4, worked_minutes int4, hourly_rate_cents int4": (
        "near(wage_cents, worked_minutes * hourly_rate_cents / 60, 1)"
    ),
    f"policies: monthly_premium {N}, annual_premium {N}, discount {N}, surcharge {N}, base_premium {N}": (
        "annual_premium == base_premium + surcharge - discount and near(monthly_premium, annual_premium / 12)"
    ),
    f"policies: commission_amount {N}, commission_rate numeric(5,4), annual_premium {N}": (
        "near(commission_amount, annual_premium * commission_rate)"
    ),
    f"insured_items: current_value {N}, depreciation {N}, purchase_value {N}": (
        "current_value == purchase_value - depreciation >= 0"
    ),
    "claims: days_to_report int4, reported_date date, loss_date date": (
        "days_to_report == (reported_date - loss_date).days >= 0"
    ),
    f"claims: outstanding_reserve {N}, reserve_amount {N}, paid_amount {N}, claimed_amount {N}": (
        "outstanding_reserve == reserve_amount - paid_amount"
    ),
    f"invoices: amount_due {N}, policy_fee {N}, premium_tax {N}, tax_rate numeric(5,2), premium {N}": (
        "near(premium_tax, premium * tax_rate / 100) and amount_due == premium + premium_tax + policy_fee"
    ),
    f'ticket_types: "totalPrice" {N}, "serviceFee" {N}, price {N}'.replace('"', ""): (
        "totalPrice == price + serviceFee"
    ),
    "promo_codes: usesLeft int4, usedCount int4, maxUses int4": "usesLeft == maxUses - usedCount >= 0",
    f"trips: total_fare {N}, surge_fee {N}, tolls {N}, base_fare {N}": (
        "total_fare == base_fare + surge_fee or total_fare == base_fare + surge_fee + tolls"
    ),
    "matches: goal_difference int4, goals_against int4, goals_for int4": (
        "goal_difference == goals_for - goals_against"
    ),
    "posts: score int4, downvotes int4, upvotes int4": "score == upvotes - downvotes",
    "listings: price_per_sqft numeric(10,2), price numeric(12,2), sqft int4": (
        "near(price_per_sqft, price / sqft) or near(price, price_per_sqft * sqft)"
    ),
    f"sales: seller_proceeds {N}, commission_amount {N}, commission_pct numeric(5,2), sale_price {N}": (
        "near(commission_amount, sale_price * commission_pct / 100) "
        "and near(seller_proceeds, sale_price - commission_amount)"
    ),
    f"lots: total_price {N}, buyers_premium {N}, buyers_premium_rate numeric(5,4), hammer_price {N}": (
        "near(buyers_premium, hammer_price * buyers_premium_rate) and total_price == hammer_price + buyers_premium"
    ),
    f"accounts: total_due {N}, late_fee {N}, tax {N}, usage_charges {N}, monthly_fee {N}": (
        "total_due == usage_charges + monthly_fee + tax + late_fee"
    ),
    "tickets: resolution_minutes int4, resolved_at timestamptz, created_at timestamptz": (
        "near(resolution_minutes, seconds(created_at, resolved_at) / 60, 0.5)"
    ),
    "tickets: first_response_minutes int4, first_responded_at timestamptz, created_at timestamptz": (
        "near(first_response_minutes, seconds(created_at, first_responded_at) / 60, 0.5)"
    ),
    "ads: ctr numeric(6,4), clicks int4, impressions int4": (
        "near(ctr, clicks / impressions, 0.0001) or near(ctr, 100 * clicks / impressions, 0.0001)"
    ),
    f"ads: cost_per_click {N}, clicks int4, spend {N}": (
        "near(cost_per_click, spend / clicks if clicks else 0) or near(spend, cost_per_click * clicks)"
    ),
    "teams: points_total int4, win_pct numeric(5,2), wins int4, losses int4, games_played int4": (
        "games_played == wins + losses and near(win_pct, 100 * wins / games_played if games_played else 0)"
    ),
    "parts: is_low_stock bool, reorder_level int4, quantity_on_hand int4": (
        "is_low_stock == (quantity_on_hand <= reorder_level)"
    ),
    "attempts: passed bool, passing_score int4, score int4": "passed == (score >= passing_score)",
    "readings: avg_temp numeric(5,2), max_temp numeric(5,2), min_temp numeric(5,2)": (
        "min_temp <= avg_temp <= max_temp"
    ),
    f"payroll: net_pay {N}, total_deductions {N}, health_insurance {N}, state_tax {N}, federal_tax {N}, gross_pay {N}, "
    f"overtime_pay {N}, regular_pay {N}": (
        "gross_pay == regular_pay + overtime_pay and total_deductions == federal_tax + state_tax + health_insurance "
        "and net_pay == gross_pay - total_deductions"
    ),
    f"loans: monthly_payment {N}, interest_portion {N}, principal_portion {N}": (
        "monthly_payment == principal_portion + interest_portion"
    ),
    f"projects: variance {N}, actual_cost {N}, budget {N}, is_over_budget bool": (
        "variance in (actual_cost - budget, budget - actual_cost) and is_over_budget == (actual_cost > budget)"
    ),
    "fuel_logs: total_cost numeric(10,2), price_per_gallon numeric(6,3), gallons numeric(8,3)": (
        "near(total_cost, price_per_gallon * gallons)"
    ),
    "meter_readings: consumption_kwh int4, current_reading int4, previous_reading int4": (
        "consumption_kwh == current_reading - previous_reading >= 0"
    ),
    f"bills: total_amount {N}, energy_charge {N}, consumption_kwh int4, rate_per_kwh numeric(6,4), "
    f"standing_charge {N}, vat_amount {N}": (
        "near(energy_charge, consumption_kwh * rate_per_kwh) "
        "and total_amount == energy_charge + standing_charge + vat_amount"
    ),
}
EQUATIONS |= {
    f"leases: term_months int4, start_date date, end_date date, monthly_rent {N}": (
        "term_months == (end_date.year - start_date.year) * 12 + end_date.month - start_date.month > 0 "
        "and end_date.day <= start_date.day"
    ),
    f"extras: line_total {N}, quantity int4, daily_price {N}, days int4": "line_total == quantity * daily_price * days",
    f"repairs: total_cost {N}, parts_cost {N}, labor_cost {N}, labor_hours {N}, labor_rate {N}": (
        "total_cost == parts_cost + labor_cost and near(labor_cost, labor_hours * labor_rate)"
    ),
    f"trainings: price {N}, trainer_share {N}, gym_share {N}": "price == trainer_share + gym_share and gym_share > 0",
    f"memberships: net_monthly_fee {N}, discount_pct numeric(5,2), monthly_fee {N}": (
        "near(net_monthly_fee, monthly_fee * (1 - discount_pct / 100))"
    ),
    f"courses: list_price {N}, sale_price {N}, discount_percent int4": (
        "near(sale_price, list_price * (1 - Decimal(discount_percent) / 100))"
    ),
    "measurements: weight_change numeric(5,1), weight_before numeric(5,1), weight_after numeric(5,1)": (
        "weight_change == weight_after - weight_before"
    ),
    "movements: quantity_after int4, quantity_change int4, quantity_before int4": (
        "quantity_after == quantity_before + quantity_change"
    ),
    f"rentals: total_charge {N}, extras_charge {N}, mileage_charge {N}, base_charge {N}, days int4, daily_rate {N}, "
    f"tax_amount {N}": (
        "total_charge == base_charge + mileage_charge + extras_charge + tax_amount and base_charge == days * daily_rate"
    ),
    f"invoices: total {N}, membership_fee {N}, extras_fee {N}, tax {N}": "total == membership_fee + extras_fee + tax",
    f"invoices: gross_amount {N}, vat_amount {N}, net_amount {N}, discounts {N}, recurring_charges {N}, "
    f"usage_charges {N}": (
        "net_amount == recurring_charges + usage_charges - discounts and gross_amount == net_amount + vat_amount"
    ),
    f"orders: landed_cost {N}, customs_duty {N}, freight_cost {N}, goods_total {N}": (
        "landed_cost == goods_total + freight_cost + customs_duty"
    ),
    "quizzes: passing_score int4, max_score int4": "passing_score <= max_score",
    f"sales: instructor_share {N}, platform_fee {N}, platform_fee_pct numeric(5,2), amount {N}": (
        "near(platform_fee, amount * platform_fee_pct / 100) and instructor_share == amount - platform_fee"
    ),
    "donations: net_cents int4, fee_cents int4, fee_rate numeric(5,4), amount_cents int4, tip_cents int4, "
    "total_charged_cents int4": (
        "near(fee_cents, amount_cents * fee_rate, 1) and 0 <= net_cents == amount_cents - fee_cents "
        "and total_charged_cents == amount_cents + tip_cents"
    ),
    "grants: unspent_cents int8, spent_cents int8, awarded_cents int8, requested_cents int8": (
        "unspent_cents == awarded_cents - spent_cents >= 0 and awarded_cents <= requested_cents"
    ),
    "pledges: installment_cents int4, installments int4, amount_cents int4": (
        "installments == 0 or near(installment_cents, amount_cents / installments, 1)"
    ),
    "packages: used_pct numeric(5,2), remaining_mb int4, used_mb int4, volume_mb int4": (
        "remaining_mb == volume_mb - used_mb and near(used_pct, 100 * used_mb / volume_mb if volume_mb else 0)"
    ),
    f"products: profit_margin {N}, unit_cost {N}, selling_price {N}": "profit_margin == selling_price - unit_cost",
    f"counts: variance_value {N}, variance_qty int4, counted_qty int4, system_qty int4, unit_cost {N}": (
        "variance_qty == counted_qty - system_qty and variance_value == variance_qty * unit_cost"
    ),
    "receipts: quantity_accepted int4, quantity_rejected int4, quantity_received int4": (
        "quantity_accepted == quantity_received - quantity_rejected >= 0"
    ),
    "outages: downtime_minutes int4, fixed_at timestamptz, logged_at timestamptz": (
        "near(downtime_minutes, seconds(logged_at, fixed_at) / 60, 0.5)"
    ),
    "attempts: time_taken_seconds int4, submitted_at timestamptz, started_at timestamptz": (
        "time_taken_seconds == seconds(started_at, submitted_at) > 0"
    ),
}
ORDERS = [
    "prices: valid_to date, valid_from date",
    "events: ends_at timestamptz, starts_at timestamptz",
    "stays: check_out date, check_in date",
    "flights: arrival timestamptz, departure timestamptz",
    "tickets: closed_at timestamptz, opened_at timestamptz",
    "invoices: paid_at timestamptz, due_on date, issued_on date",
    "employees: left_on date, hired_on date, birth_date date",
    "contracts: end_date date, start_date date, signed_at timestamptz",
    "subscriptions: current_period_end timestamptz, current_period_start timestamptz",
    "loans: returned_at timestamptz, borrowed_at timestamptz",
    "claims: paid_at timestamptz, resolved_at timestamptz, filed_at timestamptz",
    "reimbursements: closed_at timestamptz, paid_at timestamptz, adjudicated_at timestamptz, submitted_at timestamptz",
    "loans: repaid_at timestamptz, disbursed_at timestamptz, approved_at timestamptz, applied_at timestamptz",
    "accounts: frozen_at timestamptz, activated_at timestamptz, opened_at timestamptz",
    "transactions: reversed_at timestamptz, posted_at timestamptz",
    "positions: filled_on date, opened_on date",
    "claims: approved_at timestamptz, reported_at timestamptz, incident_date date",
    "admissions: discharged_at timestamptz, admitted_at timestamptz",
    "trips: completed_at timestamptz, started_at timestamptz, requested_at timestamptz",
]
# What comes before what, of the columns of ORDERS; dates are compared by day.
BEFORE = (
    ("filed_at", "resolved_at"), ("resolved_at", "paid_at"), ("submitted_at", "adjudicated_at"),
    ("adjudicated_at", "paid_at"), ("paid_at", "closed_at"),
    ("valid_from", "valid_to"), ("starts_at", "ends_at"), ("check_in", "check_out"), ("departure", "arrival"),
    ("opened_at", "closed_at"), ("issued_on", "due_on"), ("issued_on", "paid_at"), ("hired_on", "left_on"),
    ("birth_date", "hired_on"), ("start_date", "end_date"), ("current_period_start", "current_period_end"),
    ("borrowed_at", "returned_at"), ("admitted_at", "discharged_at"), ("requested_at", "started_at"),
    ("started_at", "completed_at"), ("applied_at", "approved_at"), ("approved_at", "disbursed_at"),
    ("disbursed_at", "repaid_at"), ("opened_at", "activated_at"), ("opened_at", "frozen_at"),
    ("posted_at", "reversed_at"), ("opened_on", "filled_on"), ("incident_date", "reported_at"),
    ("reported_at", "approved_at"),
)  # fmt: skip


def _period(text: str) -> tuple[datetime, datetime]:
    first, last = text.strip('["()]').split(",")
    return datetime.fromisoformat(first.strip('"')), datetime.fromisoformat(last.strip('"'))


# Currencies, phases, ratios, units and places of a row.
EQUATIONS |= {
    f"transfers: source_amount {N}, exchange_rate numeric(12,6), target_amount {N}": (
        "near(target_amount, source_amount * exchange_rate)"
    ),
    f"payments: gross_usd {N}, fee_usd {N}, net_usd {N}": "near(net_usd, gross_usd - fee_usd)",
    "calls: wait_seconds int4?, talk_seconds int4?, started_at timestamptz, answered_at timestamptz, "
    "ended_at timestamptz": (
        "wait_seconds == seconds(started_at, answered_at) and talk_seconds == seconds(answered_at, ended_at)"
    ),
    f"loans: loan_to_value numeric(5,2), property_value {N}, principal {N}": (
        "near(loan_to_value, 100 * principal / property_value) and principal < property_value"
    ),
    f"prices: old_price {N}, new_price {N}, change_amount {N}, change_percent numeric(8,2)": (
        "change_amount == new_price - old_price and near(change_percent, 100 * change_amount / old_price)"
    ),
    "posts: engagement_count int4, engagement_rate numeric(9,2), likes_count int4, comments_count int4, "
    "shares_count int4, impressions int4": (
        "engagement_count == likes_count + comments_count + shares_count "
        "and (not impressions or near(engagement_rate, 100 * engagement_count / impressions))"
    ),
    "boxes: volume_m3 numeric(9,4), length_cm numeric(6,1), width_cm numeric(6,1), height_cm numeric(6,1)": (
        "near(volume_m3, length_cm * width_cm * height_cm / 1000000, 0.0001)"
    ),
    f"products: price_per_100g {N}, price {N}, weight_g int4": "near(price_per_100g, price * 100 / weight_g)",
    f"packages: price_per_gb {N}, price {N}, volume_mb int4": "near(price_per_gb, price * 1000 / volume_mb)",
    f"promos: list_price {N}, discount_percent numeric(5,2), discount_amount {N}, final_price {N}": (
        "near(discount_amount, list_price * discount_percent / 100) "
        "and near(final_price, list_price - discount_amount)"
    ),
    f"bills: net_total {N}, vat_amount {N}, gross_total {N}, amount_paid {N}, balance {N}": (
        "balance == gross_total - amount_paid"
    ),
    f"contracts: contract_value {N}, monthly_fee {N}, months int4": "contract_value == monthly_fee * months",
    f"visits: total_due {N}, nightly_rate {N}, nights int4": "total_due == nights * nightly_rate",
    f"readings: amount {N}, consumption {N}, unit_price {N}, previous_value {N}, current_value {N}": (
        "consumption == current_value - previous_value >= 0 and near(amount, consumption * unit_price)"
    ),
    "treatments: volume_l numeric(9,2), dose_l_ha numeric(5,2), treated_area_ha numeric(6,2)": (
        "near(volume_l, dose_l_ha * treated_area_ha)"
    ),
    "samples: total_so2_mg_l int4, free_so2_mg_l int4, bound_so2_mg_l int4": (
        "total_so2_mg_l == free_so2_mg_l + bound_so2_mg_l"
    ),
    "invoices: payment_term_days int4, issued_on date, due_on date": (
        "(due_on - issued_on).days == payment_term_days > 0"
    ),
    "harvests: vintage int2, started_at timestamptz": "vintage == started_at.year",
    "sessions: duration_minutes int4, entered_at timestamptz, exited_at timestamptz": (
        "near(duration_minutes, seconds(entered_at, exited_at) / 60, 1)"
    ),
    f"offers: below_asking {N}, asking_price {N}, amount {N}": "below_asking == asking_price - amount",
}


EQUATIONS |= {
    # Adjustments of a bill, whatever they are called.
    f"invoice: subtotal_amount {N}, adjustment_amount {N}, total_amount {N}": (
        "total_amount == subtotal_amount - adjustment_amount and adjustment_amount <= subtotal_amount"
    ),
    f"claims: total {N}, subtotal {N}, contractual_adjustment {N}": "total == subtotal - contractual_adjustment",
    "bills: total_cents int4, subtotal_cents int4, adjustments_cents int4, tax_cents int4": (
        "total_cents == subtotal_cents - adjustments_cents + tax_cents"
    ),
    f"tuition_bills: amount_due {N}, subtotal_amount {N}, scholarship_amount {N}": (
        "amount_due == subtotal_amount - scholarship_amount >= 0"
    ),
    # Terms of days.
    "prescription: end_date date, days_supply int2, prescribed_date date": (
        "(end_date - prescribed_date).days == days_supply > 0"
    ),
    "fills: days_of_supply int4, filled_on date, end_date date": "(end_date - filled_on).days == days_of_supply > 0",
    "quotes: valid_for_days int4, quoted_on date, expires_on date": (
        "(expires_on - quoted_on).days == valid_for_days > 0"
    ),
    "loans: loan_days int4, loaned_on date, due_on date": "(due_on - loaned_on).days == loan_days > 0",
    "trials: trial_days int4, start_date date, trial_end_date date, end_date date": (
        "(trial_end_date - start_date).days == trial_days > 0"
    ),
    "employees: probation_days int4, hire_date date, probation_end_date date": (
        "(probation_end_date - hire_date).days == probation_days > 0"
    ),
    # What has been refunded, of what was paid.
    "payments: refunded_cents int4, amount_cents int4": "0 <= refunded_cents <= amount_cents",
    f"charges: amount_refunded {N}, amount {N}": "0 <= amount_refunded <= amount",
    f"orders: refunded_amount {N}, total_amount {N}": "0 <= refunded_amount <= total_amount",
    f"transactions: refund_total {N}, captured_amount {N}, amount {N}": "0 <= refund_total <= captured_amount",
    # Some of those that are counted.
    "batches: result_count int4, abnormal_result_count int4": "0 <= abnormal_result_count <= result_count",
    "imports: failed_rows int4, total_rows int4": "0 <= failed_rows <= total_rows",
    "projects: task_count int4, completed_task_count int4": "0 <= completed_task_count <= task_count",
    "plans: active_users int4, total_users int4": "0 <= active_users <= total_users",
    "quizzes: question_count int4, correct_question_count int4": "0 <= correct_question_count <= question_count",
}


EQUATIONS |= {
    # What a discount or a waiver leaves, of which a part is paid; what a time comes to; ratios of two numbers.
    f"fees: amount {N}, discount_amount {N}, net_amount {N}, paid_amount {N}, balance {N}": (
        "net_amount == amount - discount_amount and balance == net_amount - paid_amount >= 0"
    ),
    f"bills: fee {N}, waiver {N}, net_fee {N}, paid {N}, balance {N}": (
        "net_fee == fee - waiver and balance == net_fee - paid >= 0"
    ),
    f"charges: gross_amount {N}, scholarship_amount {N}, net_amount {N}, amount_paid {N}, balance_due {N}": (
        "net_amount == gross_amount - scholarship_amount and balance_due == net_amount - amount_paid >= 0"
    ),
    "dues: amount_cents int4, discount_cents int4, net_cents int4, paid_cents int4, outstanding_cents int4": (
        "net_cents == amount_cents - discount_cents and outstanding_cents == net_cents - paid_cents >= 0"
    ),
    f"tuitions: tuition {N}, grant_amount {N}, net_tuition {N}, amount_paid {N}, remaining_balance {N}": (
        "net_tuition == tuition - grant_amount and remaining_balance == net_tuition - amount_paid >= 0"
    ),
    f"rents: rent_amount {N}, concession {N}, net_rent {N}": ("net_rent == rent_amount - concession"),
    f"sales: price {N}, discount {N}, net_price {N}": ("net_price == price - discount"),
    f"grades: credits numeric(4,2), grade_points numeric(4,2), quality_points {N}": (
        "near(quality_points, grade_points * credits)"
    ),
    "grade_rows: quality_points numeric(6,2), credit_hours numeric(4,1), grade_point numeric(3,2)": (
        "near(quality_points, grade_point * credit_hours)"
    ),
    f"library_loans: days_overdue int4, daily_fine {N}, fine_amount {N}": (
        "near(fine_amount, days_overdue * daily_fine)"
    ),
    f"loans: overdue_days int4, fine_per_day {N}, fine {N}": ("near(fine, overdue_days * fine_per_day)"),
    f"rentals: days_late int4, late_fee_per_day {N}, late_fee {N}": (
        "near(late_fee, days_late * late_fee_per_day)"
    ),
    f"rentals: late_days int4, daily_late_fee {N}, late_fee_amount {N}": (
        "near(late_fee_amount, late_days * daily_late_fee)"
    ),
    f"parkings: overstay_hours int4, hourly_penalty {N}, penalty_amount {N}": (
        "near(penalty_amount, overstay_hours * hourly_penalty)"
    ),
    f"shifts: overtime_hours numeric(5,2), overtime_rate {N}, overtime_pay {N}": (
        "near(overtime_pay, overtime_hours * overtime_rate)"
    ),
    f"trips: miles int4, mileage_rate {N}, mileage_amount {N}": (
        "near(mileage_amount, miles * mileage_rate)"
    ),
    f"containers: demurrage_days int4, demurrage_rate {N}, demurrage_amount {N}": (
        "near(demurrage_amount, demurrage_days * demurrage_rate)"
    ),
    f"delays: demurrage_days int4, daily_demurrage {N}, demurrage_charge {N}": (
        "near(demurrage_charge, demurrage_days * daily_demurrage)"
    ),
    f"claims: days_lost int4, daily_benefit {N}, benefit_amount {N}": (
        "near(benefit_amount, days_lost * daily_benefit)"
    ),
    f"stays: nights int4, city_tax_per_night {N}, city_tax {N}": (
        "near(city_tax, nights * city_tax_per_night)"
    ),
    "lates: days_overdue int4, daily_fine_cents int4, fine_cents int4": (
        "fine_cents == days_overdue * daily_fine_cents"
    ),
    f"applications: monthly_rent {N}, monthly_income {N}, rent_to_income numeric(5,4)": (
        "near(rent_to_income, monthly_rent / monthly_income)"
    ),
    f"applications: monthly_rent {N}, monthly_income {N}, rent_to_income numeric(5,2)": (
        "near(rent_to_income, monthly_rent / monthly_income * 100)"
    ),
    f"applications: rent {N}, annual_income {N}, rent_to_income_pct numeric(5,2)": (
        "near(rent_to_income_pct, rent*12 / annual_income * 100)"
    ),
    f"firms: debt {N}, equity {N}, debt_to_equity numeric(6,2)": ("near(debt_to_equity, debt / equity)"),
}


@pytest.mark.parametrize(
    ("spelling", "condition"),
    [
        *LINES.items(),
        *TOTALS.items(),
        *CHARGES.items(),
        *LENGTHS.items(),
        *RANGES.items(),
        *WHOLES.items(),
        *EQUATIONS.items(),
    ],
)
def test_values_of_a_row_agree(spelling: str, condition: str) -> None:
    for row in rows_of(spelt_table(spelling), 40):
        names = {**NAMES, "period_text": _period, **row}
        assert eval(condition, {}, names), row


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


@pytest.mark.parametrize("spelling", ORDERS)
def test_moments_of_a_row_are_in_order(spelling: str) -> None:
    table = spelt_table(spelling)
    pairs = [pair for pair in BEFORE if all(table.has_column(name) for name in pair)]
    assert pairs
    for row in rows_of(table, 60):
        for first, last in pairs:
            assert _day(row[first]) <= _day(row[last]), row


# A table with words that numbers of the row decide, the words as an enum or a length, and what they have to be.
LEVELS = [
    ("lab_result: abnormal_flag e, result_value N, reference_low N, reference_high N", "NORMAL|LOW|HIGH",
     "abnormal_flag == ('LOW' if result_value < reference_low else 'HIGH' if result_value > reference_high "
     "else 'NORMAL')"),
    ("results: flag e, value N, reference_low N, reference_high N", "N|L|H",
     "flag == ('L' if value < reference_low else 'H' if value > reference_high else 'N')"),
    ("results: flag bpchar, value N, ref_low N, ref_high N", "1",
     "flag == ('L' if value < ref_low else 'H' if value > ref_high else 'N')"),
    ("results: flag e?, value N, range_low N, range_high N", "L|H",
     "flag == ('L' if value < range_low else 'H' if value > range_high else None)"),
    ("observations: interpretation e, result N, normal_low N, normal_high N", "low|normal|high|critical",
     "interpretation == ('low' if result < normal_low else 'high' if result > normal_high else 'normal')"),
    ("readings: status e, reading N, min_limit N, max_limit N", "within_range|below_range|above_range",
     "status == ('below_range' if reading < min_limit else 'above_range' if reading > max_limit else 'within_range')"),
    ("checks: outcome e, measured_value N, tolerance_low N, tolerance_high N", "ok|under|over",
     "outcome == ('under' if measured_value < tolerance_low else 'over' if measured_value > tolerance_high else 'ok')"),
    ("grades: letter_grade e, percentage N", "A|B|C|D|F",
     "letter_grade == ('A' if percentage >= 90 else 'B' if percentage >= 80 else 'C' if percentage >= 70 else 'D' "
     "if percentage >= 60 else 'F')"),
    ("submissions: letter_grade e, score int4, max_score int4", "A|B|C|D|F",
     "letter_grade == ('A' if score / max_score >= .9 else 'B' if score / max_score >= .8 else 'C' "
     "if score / max_score >= .7 else 'D' if score / max_score >= .6 else 'F')"),
    ("stock_items: stock_status e, quantity_on_hand int4, reorder_level int4", "in_stock|low_stock|out_of_stock",
     "stock_status == ('out_of_stock' if quantity_on_hand <= 0 else 'low_stock' if quantity_on_hand <= reorder_level "
     "else 'in_stock')"),
]  # fmt: skip


@pytest.mark.parametrize(("spelling", "labels", "condition"), LEVELS)
def test_words_that_numbers_decide(spelling: str, labels: str, condition: str) -> None:
    kinds = {
        "e": ColumnType("e", "e", "E", labels=tuple(labels.split("|"))),
        "bpchar": ColumnType("character(1)", "bpchar", "S", length=1),
        "N": typed("numeric", precision=10, scale=2),
        "int4": typed("int4"),
    }
    name, columns = spelling.split(": ")
    parts = [part.split(" ") for part in columns.split(", ")]
    table = table_of(
        name, *(Column(each, kinds[kind.strip("?")], kind.endswith("?")) for each, kind in parts)
    )
    rows = rows_of(table, 40)
    for row in rows:
        assert eval(condition, {}, row), row
    assert len({row[parts[0][0]] for row in rows}) > 1


@pytest.mark.parametrize(
    ("name", "labels", "start", "end"),
    [
        (
            "billing_interval",
            "month|year",
            "current_period_start timestamptz",
            "current_period_end timestamptz",
        ),
        ("billing_period", "monthly|yearly", "period_start date", "period_end date"),
        ("billing_cycle", "WEEKLY|QUARTERLY", "billing_period_start date", "billing_period_end date"),
    ],
)
def test_a_period_is_as_long_as_its_row_says(name: str, labels: str, start: str, end: str) -> None:
    kind = ColumnType("e", "e", "E", labels=tuple(labels.split("|")))
    columns = (spelt_column(end), spelt_column(start), Column(name, kind))
    days = {"month": (28, 31), "year": (365, 366), "week": (7, 7), "quarter": (89, 92)}
    for row in rows_of(table_of("subscriptions", *columns), 40):
        least, most = next(each for word, each in days.items() if row[name].lower().startswith(word))
        assert least <= (_day(row[columns[0].name]) - _day(row[columns[1].name])).days <= most, row
