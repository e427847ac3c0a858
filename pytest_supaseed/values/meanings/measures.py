"""Plausible ranges of numbers by unit and by what is measured: blood pressure, sizes of files, lengths of ships.

:data:`MEASURED` are declarations of :mod:`~pytest_supaseed.values.meanings.endings`: the least and the greatest number,
and digits after the point; ``graded`` where a CHECK that states both ends replaces the range; ``of`` and the numbers
where there are few. :func:`measured` finds the range of a column by its name with the unit, then without a word such as
*percent* or *monthly*; :func:`of_unit` by the unit alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from pytest_supaseed.values.meanings.endings import Endings
from pytest_supaseed.values.types.numeric import PlausibleNumbers

_BODY = """
systolic systolic_bp systolic_pressure systolic_blood_pressure blood_pressure_systolic blood_pressure_high bp_sys sys_bp
 sbp: 104 142
diastolic diastolic_bp diastolic_pressure diastolic_blood_pressure blood_pressure_diastolic blood_pressure_low ~bp_dia
 ~dia_bp dbp: 62 89
heart_rate pulse pulse_rate resting_heart_rate hr [@medical @person vital]: 58 104
respiratory_rate respiration_rate respiration resp_rate respiratory: 12 20
temperature temp body_temp body_temperature temperature_c temp_c [vital patient @medical observation triage]: 36.2
 38.9 1
temperature_f temp_f body_temperature_f body_temp_f [vital patient @medical observation triage]: 97.2 102 1
oxygen_saturation spo_2 spo_2_percent o_2_saturation oxygen_level o_2_sat saturation [@medical vital
 patient]: 93 100
oxygen_saturation spo_2 spo_2_percent o_2_saturation: 93 100
glucose blood_glucose glucose_mg_dl blood_sugar glucose_level: 72 160
glucose_mmol glucose_mmol_l: 4 9 1
cholesterol total_cholesterol ldl: 110 240
hdl: 38 75
triglycerides: 60 220
hba_1_c a_1_c: 4.8 8.5 1
hemoglobin: 11.5 17 1
creatinine: 0.6 1.3 2
bmi body_mass_index: 18.5 34 1
pain_score pain_level pain pain_scale: 0 10 0 graded
apgar apgar_score: 6 10
gcs glasgow_coma_scale: 13 15
height height_cm body_height [@person vital patient @medical]: 150 198 1
height_in height_inches [@person vital patient @medical]: 59 78 1
height_m [@person vital patient @medical]: 1.5 1.98 2
weight weight_kg body_weight [@person vital patient @medical]: 48 112 1
weight_lbs weight_lb weight_pounds [@person vital patient @medical]: 106 247 1
body_fat body_fat_percent: 8 35 1
waist waist_cm: 65 115 1
head_circumference head_circumference_cm: 33 58 1
gestational_age_weeks gestation_weeks: 6 41
refills refills_allowed refills_remaining refill_count number_of_refills: 0 5
days_supply supply_days: of 7 10 14 30 30 30 60 90 90
dose_number dose_no: 1 3
dose_mg dosage_mg strength_mg: of 5 10 20 25 40 50 100 250 500 850
dose_ml volume_ml [@medical]: of 1 2 5 10 15 20
bed_count beds number_of_beds bed_capacity [@medical department ward hospital]: 2 48
copay copay_cents: of 1000 1500 2000 2500 3000 4000 5000
copay_amount: of 10 15 20 25 30 40 50
years_experience years_of_experience experience_years years_in_practice experience [@person position job candidate
 posting]: 1 32
years_experience years_of_experience experience_years: 1 32
steps step_count daily_steps: 900 16000
calories calories_burned: 80 900
sleep_hours: 4.5 9.5 1
"""
_MONEY = """
mrr mrr_amount: 49 4900 2
~arr: 600 60000 2
mrr_cents: 4900 490000
~arr_cents: 60000 6000000
lifetime_value: 40 6000 2
lifetime_value_cents ltv_cents total_spent_cents: 4000 600000
price_cents [plan tier package subscription]: of 0 900 1500 1900 2900 4900 9900 19900 29900
price amount monthly_price price_monthly [plan tier package subscription]: of 0 9 15 19 29 49 99 199 299
price list_price asking_price sale_price sold_price estimated_value market_value appraisal_value appraised_value
 assessed_value
 original_price median_price average_price counter_amount offer_amount purchase_price [property listing house
 apartment estate @estate]: 120000 980000
 0
amount [offer]: 120000 980000
amount requested_amount request_amount approved_amount disbursed_amount financed_amount outstanding_amount [loan
 mortgage credit loan_application credit_application]: 2000 80000 2
amount principal principal_amount principal_part total_amount paid_amount payment_amount [installment loan_inst
 loan_installment loan_payment loan_repayment repayment loan_schedule]: 90 900 2
interest_amount interest_part interest [installment loan_inst loan_installment loan_payment loan_repayment repayment
 loan_schedule]: 5 220 2
requested_amount request_amount approved_amount disbursed_amount financed_amount: 500 40000 2
appraised_amount appraisal_amount appraised_value appraisal_value collateral_value: 4000 420000 2
per_occurrence_limit occurrence_limit [@insurance policy coverage policy_coverage]: of 1000 2500 5000 10000 25000
annual_limit yearly_limit [@insurance policy coverage policy_coverage]: of 25000 50000 100000
lifetime_limit aggregate_limit [@insurance policy coverage policy_coverage]: of 250000 500000 1000000
medical_expense total_medical_expense hospital_expense [claim @insurance @medical]: 900 24000 2
insured_expense uninsured_expense covered_expense [claim @insurance @medical]: 200 9000 2
average_cost mean_cost [surgery procedure surgery_classification operation]: 900 18000 2
payout total_payout [payroll pay_period payroll_run]: 24000 480000 2
initial_cost purchase_cost acquisition_cost [asset equipment machine]: 200 48000 2
replacement_cost replacement_value [book copy item@library]: 8 60 2
list_price price cover_price [book edition@library copy magazine]: 6 45 2
major major_version version_major: 0 9
minor minor_version version_minor: 0 20
patch patch_version version_patch micro: 0 30
total_units credit_units units_earned [@school enrollment curriculum subject]: 3 24
slots total_slots available_slots open_slots max_slots: 10 60
prelim midterm finals prelim_score midterm_score finals_score: 60 99 1
bedroom bathroom garage living_room toilet [property listing house apartment flat unit home @estate]: 1 3
~land_size lot_size plot_size ~land_area [property listing house home @estate]: 180 2400
number_of_copies copies copy_count: 1 4
batt_v battery_volts: 11.6 14.2 1
engine_temp engine_temperature eng_temp eng_temp_c coolant_temp coolant_temperature engine_temp_c: 78 104 1
gender sex gender_code sex_code: of 1 1 2 2
decibel_level: 38 96 1
co_2_level: 390 1400
nox_level: 8 140 1
pm_25_level: 3 75 1
number_lanes lane_count: 1 6
marks_awarded marks_obtained: 0 10 1
odo_km: 900 190000
byte_size: 12000 4800000
compliance timeline_compliance budget_compliance documentation_compliance overall_compliance adherence engagement
 community_engagement quality_standards safety_standards material_quality completion_quality overall_quality
 procurement_compliance environmental_compliance financial_compliance quality_compliance: 40 100 0 graded
pid process_id ppid: 300 32000
partition partition_id partition_number shard_id: 0 15
~load_avg load_1 load_5 load_15: 0.05 4 2
rollout_percentage rollout_percent rollout traffic_percentage: of 0 5 10 25 50 75 100
memory_bytes heap_bytes ram_bytes rss_bytes: 20000000 900000000
key_size key_length key_bits: of 256 2048 3072 4096
send_count resend_count submit_count login_count_failed failed_attempts_count: 0 5
rooms room_count ~zimmer [apartment flat house home @estate]: of 1 1.5 2 2 2.5 3 3 3.5 4 5
area living_area floor_area usable_area [apartment flat @estate]: 28 140 1
rent_per_sqm price_per_sqm [apartment flat lease]: 7 24 2
utility_cost utilities_cost heating_cost service_charge operating_cost ancillary_cost [lease apartment tenant
 @estate]: 90
 380 2
gross_rent total_rent warm_rent [lease apartment tenant @estate]: 700 2200 2
amount value deal_value expected_value expected_revenue pipeline_value weighted_amount [deal opportunity]: 1500 90000 2
monthly_salary monthly_pay monthly_wage salary_per_month: 1900 8800 2
price_per_sqft price_per_square_foot: 110 620 2
price_per_sqm: 1200 6800 2
loan_amount principal principal_amount mortgage_amount home_loan_amount preapproved_amount: 5000 450000 2
budget_min min_budget [client buyer lead @estate]: 120000 380000
budget_max max_budget [client buyer lead @estate]: 400000 980000
rent monthly_rent rent_amount [@estate lease property tenant]: 650 3800 2
rent monthly_rent average_rent: 650 3800 2
hoa_fee hoa hoa_dues: 80 620 2
property_tax annual_tax [@estate property]: 1200 9800 2
deposit deposit_amount security_deposit [lease @estate]: 900 4500 2
earnest_money: 2000 20000 2
closing_costs: 3000 18000 2
fare: 3 60 2
ticket_price price_paid [concert ticket event show]: 18 180 2
base_rate nightly_rate room_rate rate_per_night price_per_night daily_price [@hotel room hotel reservation]: 69
 420 2
rate [reservation booking room @hotel]: 69 420 2
hourly_rate pay_rate: 15 120 2
rate_per_stream: 0.0021 0.0089 6
rate_per_km price_per_km cost_per_km fare_per_km fee_per_km: 0.3 2.4 2
rate_per_mile price_per_mile cost_per_mile fare_per_mile: 0.4 3.2 2
rate_per_kwh price_per_kwh cost_per_kwh tariff_per_kwh: 0.11 0.46 4
rate_per_minute price_per_minute cost_per_minute fee_per_minute: 0.05 0.9 2
cost_per_click price_per_click cpc: 0.12 3.6 2
price_per_gb cost_per_gb rate_per_gb: 0.01 0.25 3
salary min_salary salary_min base_salary annual_salary: 32000 90000
max_salary salary_max expected_salary desired_salary: 91000 150000
gross_pay gross_salary gross: 2400 8800 2
net_pay net_salary: 1700 6100 2
tax_withheld federal_tax income_tax: 180 1600 2
bonus bonus_amount: 250 9000 2
overtime_pay: 40 900 2
retirement_contribution pension_contribution: 60 700 2
annual_income income: 24000 180000 2
balance current_balance available_balance ledger_balance running_balance opening_balance closing_balance: 120
 19000 2
minimum_balance min_balance: of 0 25 100 250 500 1000
overdraft_limit overdraft: of 0 250 500 1000 2000
credit_limit [card account customer @bank]: of 500 1000 2000 5000 7500 10000 15000
daily_limit transaction_limit withdrawal_limit transfer_limit spending_limit: of 250 500 1000 1500 2500 5000
credit_score fico fico_score: 580 840
monthly_payment installment_amount installment emi: 85 2400 2
total_credits total_debits: 300 9000 2
market_cap: 50000000 90000000000
insurance_amount coverage_amount sum_insured: of 100000 250000 500000 1000000 2000000
premium premium_amount monthly_premium: 25 480 2
declared_value customs_value: 40 25000 2
toll_cost tolls toll: 2 85 2
fuel_cost: 40 620 2
fuel_price price_per_liter: 1.4 2.1 3
price_usd [purchase store item pack]: of 1 2 5 10 20 50 100
treasury treasury_gold gold coins currency_amount: 50 25000
gems diamonds crystals: 0 900
funding_amount raised amount_raised: 50000 20000000
daily_fine daily_rate fine_rate late_fee_per_day fine_per_day [fine @library]: of 0.1 0.2 0.25 0.5
fine fine_amount fines fines_balance amount [fine @library]: 0.5 18 2
shipping shipping_cost shipping_fee shipping_amount freight: 3.9 24.9 2
shipping_cents shipping_cost_cents freight_cents: of 0 390 490 590 790 990 1490
consultation_fee_cents visit_fee_cents: of 5000 8000 9500 12000 15000 20000
fee_cents processing_fee_cents transaction_fee_cents: 15 900
lunch_balance_cents balance_cents credit_cents: 0 6000
min_order_cents minimum_order_cents min_purchase_cents: of 0 2000 2500 5000 7500 10000
discount_cents: of 0 0 0 250 500 1000
"""
_SHARES = """
rate bid ask mid close_rate [exchange_rate currency_pair quote fx]: 0.5 2 6
unrealized_gain realized_gain gain_loss: -900 4200 2
tax_rate vat_rate sales_tax_rate tax_percent vat_percent tax_rate_percent tax_percentage vat_percentage: of 0 5 7
 8 10 19 20 21
tax_bps tax_bp tax_rate_bps tax_rate_bp vat_bps: of 500 700 825 1000 1900 2000 2100
discount_percent discount_percentage percent_off discount_rate_percent: of 5 10 15 20 25 30 40 50
fee_percentage service_fee_percent platform_fee_percent booking_fee_percent fee_rate ~fee_pct: 1 12 1
surcharge_percent markup_percent margin_percent: 2 40 1
commission_rate commission_percent commission_percentage commission: 2 15 2
interest_rate apr annual_percentage_rate nominal_rate mortgage_rate annual_rate annual_rate_percent
 annual_interest_rate rate_percent [loan mortgage credit account deposit @bank]: 1.9 9.9 2
interest_rate apr annual_percentage_rate nominal_rate mortgage_rate annual_rate annual_rate_percent
 annual_interest_rate: 1.9 9.9 2
apy dividend_yield yield: 0.4 5.5 2
apr [card]: 14.9 29.9 2
interest_rate_bps interest_bps: 190 990
spread_bps spread_bp margin_bps fee_bps: 5 120
duty_rate tariff_rate: of 0 2.5 4 6.5 8 12 17
expense_ratio: 0.0003 0.0125 4
debt_to_income_ratio dti: 0.12 0.43 3
ltv ltv_ratio ltv_percent: 45 95 1
down_payment down_payment_percent: of 5 10 15 20 20 25 30
bonus_percent bonus_percentage: of 0 5 8 10 12 15 20
restocking_fee_percent: of 0 5 10 15 20
late_penalty late_penalty_percent penalty_percent: of 0 5 10 10 20
attendance attendance_rate attendance_percent attendance_percentage: 78 100 1
on_time_percent on_time_rate sla_percent uptime_percent availability_percent uptime: 96 100 2
weight_percent weight_percentage weighting [assignment exam grade course]: of 5 10 15 20 25 30
win_rate: 35 68 1
accuracy accuracy_percent [match player game weapon]: 18 72 1
packet_loss packet_loss_percent: 0 3 2
split_percent ownership_percent share_percent equity_percent: of 10 15 20 25 33 50 50 100
conversion_rate click_rate ctr: 0.5 8 2
open_rate: 12 45 1
bounce_rate churn_rate: 1 12 1
error_rate: 0 4 2
occupancy_rate occupancy: 45 98 1
growth_rate inflation_rate: 0 12 1
humidity humidity_percent relative_humidity: 28 72 1
moisture moisture_percent: 6 22 1
remote_percent: of 0 0 20 40 50 60 80 100
drop_rate spawn_rate: 0.002 0.25 4
toxicity toxicity_score plagiarism_score similarity_score spam_score similarity confidence_score: 0 1 3 graded
sentiment_score polarity: -1 1 2 graded
energy danceability valence acousticness instrumentalness liveness speechiness [@music track song audio feature]:
 0 1 3 graded
percentile: 1 99 1
"""
_SCORES = """
nps nps_score: of 0 3 5 6 7 8 8 9 9 10 10
csat csat_score satisfaction_score: 1 5 0 graded
walk_score transit_score bike_score safety_score inspection_score quality_score health_score [property
 neighborhood driver housekeeping @estate
 @transport @hotel task]: 52 98
performance_rating overall_rating rating_average average_rating: 2.5 5 1 graded
score final_score marks_obtained marks exam_score test_score total_score percentage [enrollment submission exam
 result quiz student grade test]: 52 99 1
points_earned points [submission grade result]: 52 100
max_points total_marks max_score total_points maximum_marks max_marks points_possible: of 10 20 25 50 100 100
passing_marks passing_score pass_mark min_score: of 40 50 50 60
points [achievement badge]: of 5 10 10 20 25 50 100
points_required: of 100 250 500 1000
loyalty_points reward_points rewards_points: 0 9500
fraud_score risk_score score [fraud alert risk]: 5 95
score [match leaderboard game]: 400 98000
score_a score_b home_score away_score goals_for goals_against: 0 5
elo elo_rating mmr rating_points: 850 2300
rating_change elo_change mmr_change: -28 28
rank ranking class_rank standing placement [student leaderboard result player match standing]: 1 40
rank placement: 1 40
level player_level character_level [player character profile user]: 1 80
level_required min_level required_level: 1 60
level [guild item skill building]: 1 20
xp experience experience_points exp reward_xp xp_reward: 120 48000
reward_gold: of 10 25 50 100 250 500
kills: 0 28
deaths: 0 18
assists: 0 22
kd_ratio kda: 0.3 4.2 2
win_streak streak current_streak: 0 12
wins losses: 0 180
hp health max_hp max_health hit_points [character enemy unit monster]: 80 1200
mana max_mana: 40 900
strength agility intelligence stamina dexterity wisdom charisma constitution vitality luck [character hero unit]:
 8 60
armor defense defence: 2 180
damage damage_min attack attack_power: 6 80
damage_max: 81 180
damage_dealt healing_done damage_taken: 800 42000
durability: 0 100
max_stack: of 1 5 10 20 64 99
sell_price buy_price [item]: 5 4500
story_points effort_points: of 1 2 3 5 8 13
estimated_points: of 1 2 3 5 8
popularity popularity_score: 1 100
impact_factor: 0.8 12 3
h_index: 4 95
crime_index: 8 75 1
school_rating: 3 10 1
star_rating stars [hotel]: of 2 3 3 4 4 5
michelin_stars: of 0 0 0 1 2
gpa: 2 4 2
grade_level grade year_level [student school class]: 1 12
credits credit_hours ects credit_value credits_attempted [course class module enrollment subject]: of 1 2 3 3 3 4 4
credits_earned: 6 118
interest_level urgency_level spicy_level spice_level: 1 5 0 graded
toughness difficulty_level: 1 5 0 graded
axles: of 2 2 3 4 5
stops_count stop_count number_of_stops: 2 24
qos: of 0 1 2
channel [sensor device reading]: 1 8
"""
_DIMENSIONS = """
weight_g weight_grams weight_gr net_weight_g gross_weight_g weight_in_grams grams: 40 4800
weight_g [book]: 120 1400
weight_oz: 1 160 1
weight_kg gross_weight_kg net_weight_kg weight [package parcel product item variant]: 0.1 18 2
weight_kg gross_weight_kg net_weight_kg gross_weight net_weight [shipment freight cargo consignment container]: 4
 18500 1
max_payload max_payload_kg payload_capacity payload_capacity_kg payload_kg max_load_kg: 700 27000
gross_tonnage: 2500 98000
deadweight deadweight_tons dwt: 4000 140000
capacity_teu teu: 400 14000
annual_teu: 90000 9500000
length length_m overall_length loa [vessel ship]: 85 366 1
beam beam_m [vessel ship]: 15 51 1
draft draft_m draught max_draft_m max_draft: 5.5 15.5 1
length_m: 0.5 14 2
width_m height_m depth_m: 0.4 4 2
ceiling_height ceiling_height_m: 2.3 3.4 1
length_cm width_cm height_cm depth_cm diameter_cm [package parcel shipment product item box variant]: 5 80 1
length_mm width_mm height_mm depth_mm diameter_mm thickness_mm: 2 900 1
size_ft [container]: of 20 20 40 40 45
length_ft: 6 60 1
width_px image_width width_pixels: of 640 800 1024 1200 1280 1600 1920 2560 3840
height_px image_height height_pixels: of 360 480 600 720 768 900 1080 1440 2160
width [image photo media video screenshot thumbnail]: of 640 800 1024 1280 1600 1920 3840
height [image photo media video screenshot thumbnail]: of 360 480 600 720 900 1080 2160
volume_m_3 volume_cbm cbm capacity_m_3: 0.1 68 2
volume_ml capacity_ml: of 100 250 330 500 750 1000
volume_l capacity_l volume_liters capacity_liters tank_capacity: 0.5 80 1
area_sqm area_m_2 size_sqm square_meters living_area living_area_sqm floor_area living_area_m_2 size_m_2: 24 240 1
area_sqm area_m_2 area [warehouse site factory]: 800 24000
capacity_m_3 volume_m_3 capacity_cbm [warehouse depot]: 2000 60000
size_sqm [room]: 14 60 1
sqft square_feet square_footage living_area_sqft area_sqft: 480 3900
lot_sqft lot_size_sqft: 2500 24000
lot_size_acres acres lot_acres acreage: 0.1 4.5 2
hectares: 0.5 120 1
distance_km route_distance_km: 4 780 1
distance_m distance_meters: 50 4500
distance_to_beach distance_to_beach_m distance_to_center_m: 50 3000
distance_miles: 2 480 1
mileage_km odometer odometer_km total_km last_service_km mileage_miles: 4200 240000
next_service_km: 15000 260000
mileage_km [expense trip claim reimbursement]: 6 320 1
elevation_m altitude altitude_m elevation: 4 1800 0
range_km [vehicle car]: 180 720
wheelbase: 2400 3200
pages page_count ~num_pages number_of_pages [book novel publication edition]: 90 720
page_count pages ~num_pages [statement invoice document report file contract]: 1 24
page_start first_page start_page: 1 380
page_end last_page end_page: 381 420
word_count: 180 2400
word_count [book novel]: 22000 140000
character_count: 400 9000
strings [instrument guitar]: of 4 4 6 6 6 7 12
"""
_TIMES = """
duration_ms length_ms total_duration_ms ms_played track_length_ms [track song play album recording video @music]:
 118000 412000
duration_seconds length_seconds duration_sec duration [track song recording]: 118 412
total_duration_ms total_duration: 900000 9000000
duration_ms elapsed_ms response_time_ms response_time latency_ms execution_time_ms took_ms processing_time_ms: 12
 1900
timeout_ms: of 1000 2000 3000 5000 5000 10000 30000
ping ping_ms average_ping_ms rtt_ms: 12 140
delay_ms interval_ms: of 100 250 500 1000 5000
expires_in token_expires_in expires_in_seconds access_token_expires_in: of 900 1800 3600 7200 86400
run_time runtime [ride trip route journey drive]: 8 90
ride_time travel_time transit_time drive_time: 8 90
days_after_due days_before_due: of 0 3 7 14 21 30
discount_days skonto_days: of 7 10 14
timeout_seconds timeout_sec timeout_s: of 5 10 15 30 30 60 120
ttl ttl_seconds cache_ttl max_age_seconds: of 60 300 600 900 3600 86400
interval_seconds interval_sec sampling_interval_s heartbeat_interval_sec polling_interval_seconds
 sampling_interval sampling_interval_seconds: of 5 10 15 30
 60 60 300 900
cooldown_seconds: of 30 60 60 300 600
duration_seconds [match game session]: 480 3200
duration_seconds duration_sec build_seconds runtime_seconds elapsed_seconds: 8 1800
call_duration_seconds talk_time_seconds: 20 1800
uptime_seconds uptime_sec: 3600 7776000
uptime_hours: 4 2100
playtime_hours play_time_hours hours_played: 2 1900
duration_minutes duration_min duration_mins length_minutes appointment_duration slot_minutes [appointment visit
 procedure interview viewing consultation
 meeting lesson session class]: of 15 15 20 30 30 30 45 60 60 90
duration_minutes duration_min runtime_minutes running_time [film movie]: 82 168
duration_minutes duration_min [exam test quiz]: of 30 45 60 60 90 120 180
duration_minutes duration_min [housekeeping cleaning]: 15 55
duration_minutes duration_min duration_mins: of 15 20 30 30 45 60 60 90 120
minutes_late late_minutes: 2 40
break_minutes break_min: of 0 15 30 30 45 60
prep_time prep_time_minutes prep_minutes preparation_minutes cook_time_minutes cooking_time_minutes: of 5 10 10 15
 20 25 30 45
first_response_minutes response_minutes: 3 240
dwell_minutes waiting_minutes wait_minutes stop_minutes: 4 45
estimated_minutes travel_minutes drive_minutes: 12 540
reading_minutes reading_time_minutes: 2 18
minutes_listened minutes_played: 30 42000
hours_worked weekly_hours hours_per_week [employee timesheet staff contract]: of 20 24 30 32 35 38 40 40 40
hours_worked [payroll]: of 80 150 160 160 168
hours [timesheet time_entry entry timelog]: of 2 3.5 4 6 7.5 8 8 8
hours_this_week driving_hours: 6 48 1
overtime_hours: of 0 0 1 2 3.5 5 8
estimated_hours estimate_hours actual_hours logged_hours hours_spent spent_hours: of 0.5 1 2 3 4 6 8 12 16
sla_hours response_time_hours: of 1 4 8 24 24 48 72
cooldown_hours: of 1 6 12 24 24
credit_hours: of 1 2 3 3 4
downtime_hours labor_hours: 0.5 16 1
duration_hours: of 1 2 3 4 6 8
trial_days trial_period_days: of 0 7 14 14 30
notice_period notice_period_days: of 14 30 30 60 90
vacation_days annual_leave_days pto_days: of 15 20 22 25 28 30
sick_days: 0 9
days_overdue overdue_days days_late: 1 45
days_past_due: of 0 0 0 0 15 30 60
days_on_market: 2 140
retention_days: of 7 14 30 30 90 365
days [leave request absence]: of 0.5 1 1 2 3 5 10
term_months loan_term_months [mortgage]: of 120 180 240 300 360
term_months loan_term loan_term_months tenor_months: of 12 24 36 48 60 72 84
lease_term_months lease_months: of 6 12 12 12 18 24
warranty_months: of 6 12 12 24 24 36
expires_months validity_months: of 6 12 24 36
warranty_years: of 1 1 2 2 3 5
term_years loan_term_years: of 10 15 20 25 30 30
years_active: 1 25
interval_count billing_interval_count: of 1 1 1 1 3 6 12
"""
_MACHINES = """
status http_status http_status_code response_status response_code last_response_code status_code http_code code
 [request response webhook delivery http
 log endpoint visit]: of 200 200 200 200 201 204 302 400 401 403 404 422 429 500
http_status http_status_code response_status response_code: of 200 200 200 200 201 204 302 400 401 403 404 422 429
 500
smtp_code smtp_status: of 250 250 250 421 450 550 552
exit_code: of 0 0 0 0 0 1 1 2 137
errno: of 2 11 13 110 111
port: of 1883 1883 3000 3306 5432 6379 8000 8080 8443 8883 9090
vlan vlan_id: 10 400
mtu: of 1280 1400 1492 1500
attempt attempts attempt_number attempt_count retry_count retries: 1 5
max_attempts max_retries: of 1 2 3 3 5 10
build_number run_number: 100 4800
rate_limit api_rate_limit rate_limit_per_minute requests_per_minute: of 60 100 300 600 1000
max_seats seats [plan organization subscription license workspace account]: of 1 3 5 10 20 25 50 100
max_projects max_workspaces: of 1 3 5 10 20 50 100
storage_gb storage_limit_gb disk_gb storage_quota_gb: of 1 5 10 20 50 100 250 500
memory_gb ram_gb: of 2 4 8 16 32 64
storage_tb: of 1 2 4 8
memory_mb ram_mb memory_limit_mb: of 256 512 512 1024 2048 4096 8192
memory_usage_mb memory_used_mb memory_free_mb: 120 3900
memory_free_kb heap_kb free_memory_kb: 18000 480000
file_size_mb size_mb: 0.1 48 1
file_size_kb size_kb: 12 9000
storage_bytes quota_bytes storage_limit_bytes: of 1073741824 5368709120 10737418240 53687091200 107374182400
file_size_bytes size_bytes [track song recording]: 2800000 14000000
bytes_sent bytes_received response_bytes body_bytes: 180 96000
bitrate bitrate_kbps: of 128 192 256 256 320 320
sample_rate sample_rate_hz: of 44100 44100 48000 96000
bit_depth: of 16 16 24
bandwidth_mbps speed_mbps download_mbps mbps: 18 940 1
bandwidth_kbps kbps: 64 9600
fps frame_rate: of 24 25 30 30 60 60 120 144
tick_rate tick_rate_hz: of 20 30 60 64 128
hz frequency_hz: of 50 60 440 1000 44100
mhz frequency_mhz: of 433 868 915 2400
ghz: 1.8 4.8 1
cpu_limit_millicores cpu_millicores millicores: of 100 250 500 500 1000 2000
cpu_cores cores vcpus cpu_count: of 1 2 2 4 4 8 16
cpu_load cpu_usage cpu_percent cpu_usage_percent load memory_percent memory_usage_percent disk_used_percent
 disk_percent: 4 92 1
replicas replica_count instances: of 1 2 2 3 3 5
opens: 0 5
clicks [email message]: 0 4
connected_devices device_count: 2 60
uptime_days: 1 180
battery_voltage_mv battery_mv: 3300 4180
battery_voltage: 3.3 4.2 2
voltage_v voltage supply_voltage volts: of 3.3 5 5 12 24 230
current_ma: 12 420
current_a amps: 0.2 16 1
power_w power_watts watts wattage: 2 1800 1
power_kw engine_power_kw [vessel ship]: 2200 68000
power_kw engine_power_kw engine_power: 55 260
horsepower hp [vehicle car engine]: 75 350
energy_kwh consumption_kwh kwh usage_kwh: 0.2 48 3
energy_kwh_per_sqm: 35 240
battery_kwh battery_capacity_kwh: 38 100
mah battery_capacity_mah: of 2000 3000 4000 5000
signal_strength rssi signal_strength_dbm rssi_dbm signal_dbm dbm: -98 -46
snr snr_db: -4 28 1
noise_db noise_level_db noise sound_level_db decibels: 32 88 1
loudness_db loudness: -14 -4 1
gain_db: -12 12 1
db [audio sound]: -24 0 1
light_lux lux illuminance: 20 1800
pressure_hpa pressure_mbar hpa barometric_pressure pressure: 985 1034 1
pressure_bar bar: 1 12 1
tire_pressure_psi tire_pressure psi: 28 42 1
pressure_kpa kpa: 95 240
co_2_ppm co_2: 410 1400
co_2_g_per_km co_2_emissions: 0 210
pm_25 pm_25_ugm_3 pm_2_5 pm_10: 2 48 1
aqi: 12 140
voc: 40 900
~ph ~ph_level ~ph_value [reading sensor sample water @device]: 5.8 8.2 2
turbidity turbidity_ntu ntu: 0.1 9 2
conductivity: 180 1400
flow_rate flow_rate_lpm lpm: 1 85 1
vibration vibration_mm_s: 0.2 7.5 3
wind_speed wind_speed_ms wind_speed_kmh: 0.4 14 1
wind_gust: 4 24 1
wind_direction wind_direction_deg heading heading_degrees bearing heading_deg course_over_ground azimuth degrees:
 0 359
rainfall rainfall_mm precipitation precipitation_mm: 0 28 1
snowfall: 0 40 1
uv_index: 0 10
cloud_cover: 0 100
temperature_setpoint temperature_setpoint_c target_temperature setpoint [room thermostat hotel @hotel]: 19 23 1
setpoint setpoint_c [container reefer]: -22 14 1
cpu_temp cpu_temp_c cpu_temperature: 38 78 1
operating_temp_min operating_temp_min_c min_operating_temp: of -40 -25 -20 -10 0
operating_temp_max operating_temp_max_c max_operating_temp: of 45 50 60 70 85
temperature_c temp_c celsius: -4 32 1
temperature_f temp_f fahrenheit: 25 90 1
temperature_k kelvin: 269 305 1
speed speed_kmh speed_kph velocity_kmh: 4 118 1
speed_mph: 3 72 1
speed_knots knots: 6 24 1
rpm engine_rpm: 750 4200
torque ~torque_nm: 90 480
fuel_level fuel_level_percent fuel: 8 100
fuel_consumption ~consumption_l_100km liters_per_100_km: 4.1 12.5 1
displacement engine_cc cc: of 998 1199 1395 1498 1598 1968 2998
precision_digits precision [sensor]: of 1 2 2 3 4
accuracy [sensor]: 0.1 2 2
calibration_offset: -0.9 0.9 3
threshold_low low_threshold min_threshold: 2 18 1
threshold_high high_threshold max_threshold: 60 95 1
min_value [sensor metric range]: -40 0
max_value [sensor metric range]: 60 125
reading value [reading measurement telemetry]: 2 98 2
value [lab result observation test]: 3.5 160 1
position_x position_y x y pos_x pos_y coordinate_x coordinate_y [character player object entity unit]: -900 900 2
bpm tempo [track song @music]: 72 168
~disc_number ~disc_no disk_number: of 1 1 1 1 2
track_number track_no: 1 14
total_tracks track_count: 8 16
"""
_TRADES = """
premium premium_amount base_premium annual_premium [policy quote insurance_product @insurance]: 120 2400 2
limit_amount coverage_limit insured_value insured_amount: of 5000 10000 25000 50000 100000 250000 500000
deductible deductible_amount excess excess_amount: of 0 100 150 250 500 1000 2500
estimated_loss reserve_amount reserve settlement_amount payout_amount claim_amount claimed_amount total_estimate
 amount [claim claim_payment loss damage_assessment settlement@insurance]: 400 24000 2
labor_rate hourly_labor_rate: 45 130 2
parts_cost paint_cost labor_cost material_cost: 40 2400 2
max_authority authority_limit approval_limit: of 5000 10000 25000 50000 100000
open_caseload caseload open_cases: 4 60
market_value vehicle_value resale_value [vehicle car @insurance insured_vehicle]: 2500 48000
market_value [player@sport athlete]: 250000 42000000 0
annual_mileage yearly_mileage annual_km: 4000 28000
min_age minimum_age age_min age_from: of 16 18 18 18 21 25
max_age maximum_age age_max age_to: of 44 54 60 64 65 70 75
no_claims_years claim_free_years: 0 20
waiting_period_days: of 0 14 30 60 90
excess_percent no_claims_discount: of 0 10 20 30 40 50 60
fault_percent fault_percentage liability_percent: of 0 0 25 50 50 75 100
elevation_ft elevation_feet [airport]: 2 5400
elevation_ft elevation_feet: 100 9000
runways runway_count: 1 6
longest_runway_m runway_length_m runway_length: 1600 4200
longest_runway_ft runway_length_ft: 5200 13800
terminal_count terminals gate_count: 1 8
engine_count engines number_of_engines: of 2 2 2 4
max_range_km range_km [aircraft aircraft_type plane]: 1500 15700
~max_range_nm ~range_nm: 800 8500
cruise_speed_kmh cruise_speed: 510 910
cruise_speed_kts cruise_speed_knots: 275 490
max_takeoff_weight_kg mtow mtow_kg: 23000 351500
empty_weight_kg operating_empty_weight: 13500 167000
fuel_capacity_l fuel_capacity_liters [aircraft aircraft_type plane]: 6400 181000
fuel_capacity_l fuel_capacity_liters: 35 90
service_ceiling_ft ceiling_ft: 25000 43100
cruise_altitude_ft flight_level_ft: of 31000 33000 35000 37000 39000 41000
wingspan_m wingspan: 27 65 1
typical_seats seats_economy economy_seats total_seats seats [aircraft aircraft_type plane]: 70 260
seats_business business_seats: 0 42
seats_first first_seats: 0 8
first_flight_year entry_into_service_year: 1972 2016
total_flight_hours flight_hours airframe_hours total_hours [aircraft]: 900 74000
total_hours flight_hours flying_hours hours_flown [crew crew_member pilot]: 250 14500
total_cycles flight_cycles cycles [aircraft]: 400 42000
delay_minutes departure_delay arrival_delay: 0 140
baggage_belt carousel: 1 12
~distance_nm ~route_distance_nm: 180 5200
block_time_minutes flight_time_minutes flight_duration_minutes: 45 720
fuel_burn_kg fuel_burned_kg fuel_used_kg: 1900 62000
load_factor occupancy_ratio utilization_ratio: 0.52 0.98 3
seniority_number: 1 900
base_fare fare [pnr ticket@air booking@air flight]: 49 980 2
total_fare [pnr ticket@air booking@air]: 79 1240 2
weight_kg [baggage luggage]: 6 23 1
pieces [baggage luggage]: 1 3
sequence_number [boarding_pass]: 1 220
man_hours work_hours: 1 48 1
default_bid_micros bid_micros cpc_micros: 100000 4500000
budget_total total_budget lifetime_budget budget [campaign ad_group]: 2000 80000 2
daily_budget [campaign ad_group]: 20 900 2
target_cpa cost_per_acquisition cpa cost_per_lead cpl: 4 90 2
target_roas roas: 1.2 8 2
frequency_cap: 2 10
attribution_window_days attribution_window lookback_window_days: of 1 7 14 28 30
lookalike_percent: of 1 2 3 5 10
size_estimate audience_size estimated_size: 4000 2400000
agency_fee_percent management_fee_percent: of 5 8 10 12.5 15
search_volume monthly_searches: of 10 50 90 320 880 1900 5400 12000
cpm cost_per_mille: 1.2 14 2
impressions: 400 48000
reach: 300 32000
spend ad_spend amount_spent cost [daily_stat ad campaign stat]: 8 640 2
revenue [daily_stat ad campaign stat]: 0 2400 2
conversions: 0 60
video_completions video_views completed_views: 40 9000
frequency [daily_stat stat campaign ad @marketing]: 1 4.5 2
viewability_rate viewability view_rate: 38 92 2
recipients recipient_count audience_count [email email_send mailing newsletter campaign]: 400 24000
delivered delivered_count deliveries [email email_send mailing]: 380 23500
opens unique_opens open_count [email email_send mailing]: 90 9000
clicks unique_clicks click_count [email_send mailing]: 10 1400
unsubscribes unsubscribe_count bounces bounce_count spam_complaints complaints: 0 60
traffic_split: of 10 20 50 50 50
confidence_level significance_level: of 90 95 95 99
p_value: 0.0005 0.2 5
weight_kg average_weight_kg average_weight weight [animal@vet breed visit@vet pet @vet]: 1.2 42 1
weight_kg weight average_weight_kg [cattle herd livestock @farm]: 40 720 1
average_lifespan_years lifespan_years life_expectancy: 8 18
temperature_c temperature body_temperature temp [@vet visit@vet animal]: 37.6 39.6 1
heart_rate_bpm heart_rate pulse [@vet visit@vet animal]: 70 180
respiratory_rate [@vet visit@vet animal]: 16 40
capillary_refill_s capillary_refill_time ~crt: of 1 1 1.5 2
body_condition_score bcs: 3 7
asa_grade asa_score asa: of 1 1 2 2 3
anesthesia_minutes anesthesia_duration surgery_minutes: 20 140
blood_loss_ml: of 5 10 20 30 50 80
duration_days treatment_days course_days [prescription medication]: of 5 7 10 14 21 28
dose_ml [vaccination immunization]: of 0.5 1 1 2
quantity [prescription]: of 7 10 14 20 28 30 60
withdrawal_period_days: of 0 7 14 21 28
consultation_fee consult_fee visit_fee: 35 120 2
daily_rate [boarding kennel]: 15 48 2
withdrawal_time_hours: of 24 48 72 96
yield_t_ha yield_per_hectare: 2.5 11 2
milk_yield_l milk_liters: 12 38 1
herd_size: 12 480
monthly_fee [tariff_plan plan@telecom subscription@telecom @telecom]: of 7.99 9.99 14.99 19.99 24.99 29.99 39.99
data_allowance_gb data_gb: of 1 3 5 10 20 50 100
voice_minutes minutes_included included_minutes: of 0 100 300 500 1000
sms_bundle sms_included: of 0 50 100 500 1000
overage_per_mb price_per_mb: 0.002 0.05 4
max_speed_mbps: of 25 50 100 150 300 500 1000
contract_months contract_duration_months contract_term_months minimum_term_months: of 1 12 24 24
billing_cycle_day: of 1 5 10 15 20 25
lac location_area_code tac: 1000 64000
~cell_id cid eci: 10000 268000000
frequency_mhz [tower @telecom]: of 700 800 900 1800 2100 2600 3500
azimuth_deg [tower @telecom]: of 0 30 60 90 120 150 180 210 240 300 330
tilt_deg tilt downtilt: 0 12
antenna_height_m tower_height_m mast_height_m: 12 65 1
tx_power_dbm transmit_power_dbm tx_power: 30 46 1
mos mos_score: 2.8 4.4 2
jitter_ms jitter: 0.5 30 2
rsrp_dbm rsrp: -118 -72
rsrq_db rsrq: -18 -6
sinr_db sinr: -2 24 1
qci: of 5 6 8 9 9
average_throughput_kbps throughput_kbps: 900 85000
bytes_up bytes_out upload_bytes: 20000 9000000
bytes_down bytes_in download_bytes: 200000 900000000
screen_size_in screen_size screen_size_inches display_size: of 5.4 6.1 6.1 6.4 6.7 6.8
storage_gb [device@telecom phone device]: of 64 128 128 256 512
affected_customers customers_affected affected_users: 12 4800
mttr_minutes restore_minutes outage_minutes repair_minutes: 18 720
recurring_charges: of 9.99 14.99 19.99 29.99 39.99
usage_charges roaming_charges usage_charge: 0 28 2
dunning_level: of 0 0 0 1 2 3
charge call_charge [call call_record cdr]: 0 2.4 4
gross_floor_area_m_2 gross_floor_area gfa: 400 42000
contract_value contract_sum project_value [@construction project]: 120000 18000000 2
contract_value contract_sum: 400 24000 2
contract_amount [project@construction]: 120000 18000000 2
percent_complete completion_percent progress_percent progress: 0 100
weather_delay_days schedule_impact_days days_added delay_days float_days lost_days lead_time_days: 0 21
workers_count worker_count crew_count crew_size headcount_on_site: 4 48
bond_amount: of 50000 100000 250000 500000 1000000
budget committed_cost actual_cost planned_cost [work_package project@construction phase]: 18000 900000 2
cost_impact: 0 24000 2
amount [change_order]: 800 64000 2
density_kg_m_3 density: 120 7850
slump_mm: 40 200
temp_high_c high_temp_c max_temp_c temperature_max: 6 31
temp_low_c low_temp_c min_temp_c temperature_min: -4 17
wind_kmh wind_kph: 2 45
capacity_t capacity_tons lifting_capacity_t: 1.5 60 1
engine_hours operating_hours running_hours machine_hours: 120 14000
rental_rate_day daily_rental_rate rental_rate: 90 1400 2
payment_terms_days credit_days payment_days: of 7 14 30 30 45 60
safety_rating: 2.5 5 1
cycle_time_seconds cycle_time takt_time: 12 240
oee oee_percent: 52 89 1
scrap_quantity scrap_count rejected_quantity: 0 24
birth_year [artist@arts sculptor]: 1820 1960
death_year [artist@arts painter sculptor]: 1965 2023
year_from date_from_year year_created [artwork object@arts]: 1780 1940
year_to date_to_year [artwork object@arts]: 1941 1995
height_cm width_cm [artwork frame @arts]: 18 210 1
depth_cm [artwork frame @arts]: 1.5 40 1
weight_kg [artwork crate @arts]: 0.8 120 1
insurance_value [artwork loan@arts @arts]: 2000 4500000 0
area_sqm [gallery hall]: 35 620 1
max_visitors visitor_limit: of 20 30 40 60 80 120
target_temp_c: 19 22 1
target_rh_percent recommended_rh target_humidity: of 45 48 50 50 52 55
lux_limit light_level_lux recommended_light_lux max_lux: of 50 50 100 150 200 300
expected_visitors visitor_count visitors: 2000 180000
price_paid ticket_price entry_fee admission admission_fee [visitor exhibition museum]: of 0 6 8 10 12 15 18
group_size: of 1 1 2 2 3 4 8 15
satisfaction: 1 5 0 graded
annual_fee membership_fee: of 30 45 60 80 120 250
donation_total total_donated donations_total: 0 2400 2
lot_number lot_no: 1 420
estimate_low low_estimate: 400 20000
estimate_high high_estimate: 21000 48000
starting_bid reserve_price opening_bid: 200 18000
hammer_price winning_bid current_bid: 300 60000
buyers_premium_percent: of 20 22.5 25 25 27
treatment_hours: 1 60 1
booked booked_seats seats_taken: 0 20
donation_amount amount [donation pledge gift]: of 5 10 20 25 50 50 100 250
goal_amount fundraising_goal target_amount: of 500 1000 5000 10000 25000
points_for_win: of 3
pitch_length_m: 100 110
pitch_width_m: 64 75
opened_year: 1908 2021
capacity average_attendance attendance [stadium@sport match@sport arena@sport]: 1800 42000
annual_budget [team@sport club]: 500000 80000000 0
height_cm [player@sport athlete]: 165 202
weight_kg [player@sport athlete]: 60 102
shirt_number squad_number jersey_number: 1 40
matches_officiated games_played appearances caps: 4 320
average_cards: 1.5 5.5 1
minute match_minute: 1 90
stoppage_minute added_time injury_time: of 0 0 0 1 2 3 4
possession_home_percent possession_percent possession: 35 65
shots_home shots_away shots: 3 22
corners_home corners_away corners: 1 12
fouls_home fouls_away fouls: 5 20
xg_home xg_away xg expected_goals: 0.2 3.4 2
x_coord y_coord x_coordinate y_coordinate [match_event shot @sport]: 0 100 1
transfer_fee: 100000 38000000 0
contract_years: 1 5
sell_on_clause_percent sell_on_percent: of 0 0 10 15 20
matchday round_no: 1 34
position [standing table_row]: 1 18
played matches_played: 4 34
won drawn lost draws [standing team@sport]: 0 14
goals_for goals_against [standing]: 5 70
goal_difference: -24 38
points [standing]: 4 74
matches_missed games_missed: 1 12
rpe exertion: 3 9 1
distance_km [training_session workout run]: 3 12 1
max_speed_kmh top_speed_kmh [training_session player@sport]: 24 35 1
reference_low ref_low normal_low lower_limit [lab_test lab_result result test @medical @vet]: 0.5 60 1
reference_high ref_high normal_high upper_limit [lab_test lab_result result test @medical @vet]: 61 190 1
result_value numeric_result [lab_test lab_result result test @medical @vet]: 20 150 1
failed_login_count failed_logins login_failures failed_login_attempts: 0 3
hours [field_job job@energy work_order service_call]: of 0.5 1 1.5 2 3 4 6
hourly_wage wage pay_per_hour: 13 38 2
tips_declared tips tip_amount tip: 2 60 2
price unit_price [menu_item dish @kitchen]: 3.5 34 2
price_delta price_adjustment surcharge [item_modifier modifier option @kitchen]: of 0 0 0.5 1 1.5 2 3
min_spend minimum_spend min_order minimum_order: of 0 10 15 20 25 30 50
delivery_radius_km delivery_radius service_radius_km: of 2 3 4 5 6 8 10
distance_km [order delivery courier @kitchen]: 0.4 8 1
eta_minutes delivery_minutes: 14 65
course course_number [order_item]: of 1 1 2 2 3
delivery_fee service_fee small_order_fee [@kitchen]: of 0 0.99 1.99 2.49 2.99 3.99
highchairs high_chairs: of 0 0 0 1 2
turn_time_minutes turnover_minutes: of 60 75 90 105 120
par_level: 4 60
cost_per_unit unit_cost [@kitchen inventory_item]: 0.6 24 2
acceptance_rate completion_rate [courier driver]: 72 100 2
target_hours billable_target: of 1600 1750 1800 1900 2000
hourly_rate rate [attorney lawyer time_entry@law @law]: 180 720 2
contingency_percent contingency: of 20 25 30 33 33 40
retainer_amount retainer: of 1500 2500 5000 7500 10000
liability_cap liability_limit: of 50000 100000 250000 500000 1000000
fees disbursements legal_fees [invoice@law @law]: 200 18000 2
reminder_days reminder_offset_days: of 1 2 3 5 7 14
setpoint_c [storage_unit freezer fridge refrigerator]: of -80 -20 -20 4 4 5
alarm_low low_alarm [storage_unit sensor tank]: of -86 -25 0 2
alarm_high high_alarm [storage_unit sensor tank]: of 6 8 10 12
detection_limit lod: 0.001 0.5 4
~quantitation_limit loq: 0.003 1.5 4
uncertainty_percent measurement_uncertainty: 1 15 1
recovery_percent recovery: 82 114 1
purity_percent purity: 95 99.99 2
dilution_factor: of 1 1 2 5 10 20 50 100
calibration_r_2 r_2 r_squared correlation_coefficient: 0.985 0.99999 5
injection_volume_ul: of 1 2 5 10 20
flow_rate_ml_min: of 0.2 0.3 0.5 0.8 1 1.5
oven_temperature_c column_temperature_c: of 25 30 35 40 60 80 150
~wavelength_nm wavelength: of 210 220 254 280 340 405 540
retention_time_min retention_time: 0.8 24 2
peak_area: 1200 4800000
signal_to_noise s_n_ratio: 3 480 1
temperature_on_receipt receipt_temperature: 2 12 1
molecular_weight molar_mass: 18 480 3
turnaround_days: of 1 2 3 5 7 10
training_hours: of 2 4 8 16 24
injuries casualties injured fatalities: of 0 0 0 0 1 1 2
zones: 1 4
price fare_charged amount [fare_product fare tap ticket@transit @transit]: of 1.5 2.4 2.75 3.2 5.5 24 68 89
balance topup_threshold [smart_card transit_card gift_card]: 0 60 2
headway_minutes headway: of 5 7 10 12 15 20 30 60
ridership_daily daily_ridership ridership: 400 42000
peak_load passengers passenger_count boardings [trip@transit trip @transit]: 3 110
seats [bus tram vehicle@transit]: of 24 32 40 44 52
standing_capacity: 20 90
safety_points demerit_points penalty_points: 0 12
commendations warnings_count complaints_count: 0 6
cleanliness comfort punctuality friendliness helpfulness crowding_score ease_of_use: 1 5 0 graded
delay_seconds: 0 900
delay_caused_minutes: 2 60
oee_target: of 75 80 85 90
cpk cp: 0.7 2.4 2
hardness_hrc: 18 64 1
tolerance_mm: of 0.005 0.01 0.02 0.05 0.1
mtbf_hours: 120 4800
mttr_hours: 0.5 12 1
scrap_percent: 0 8 1
min_per_order: of 1 1 1 2
max_per_order: of 2 4 5 6 10
q_and_a_minutes qa_minutes: of 5 10 10 15
talk_length_minutes: of 5 20 25 30 45 60
fee [speaker]: of 0 0 300 500 800 1500 3000
nominal_value measured_value [quality_check inspection@factory]: 9.5 10.5 3
lower_limit [quality_check inspection@factory]: 8.9 9.4 3
upper_limit [quality_check inspection@factory]: 10.6 11.1 3
sample_size: of 1 3 5 5 10 20
reps repetitions: of 5 8 10 12 15
sets: 2 5
one_rep_max_kg load_kg: 20 160 1
phase_count phases: of 1 1 3
voltage_v voltage nominal_voltage line_voltage [meter readings reading@energy substation grid @energy]: 226 241 1
current_rating_a rated_current_a max_current_a: of 16 25 32 40 63 80 100
current_amps current_a [reading@energy meter @energy]: 0.4 48 2
multiplier: of 1 1 1 10 20 40
last_reading meter_reading reading_value index_value kwh_total [meter reading@energy @energy]: 1200 98000 3
kwh [reading@energy meter_reading @energy]: 900 98000 3
consumption_kwh usage_kwh energy_kwh [invoice bill @energy]: 120 1400 2
kvarh: 20 9000 3
peak_demand_kw max_demand_kw demand_kw: 1.2 48 2
power_factor cos_phi: 0.82 0.99 3
frequency_hz grid_frequency [@energy]: 49.9 50.1 2
energy_rate_kwh energy_rate unit_rate peak_rate rate_kwh [tariff @energy]: 0.18 0.42 5
offpeak_rate off_peak_rate export_rate feed_in_rate: 0.06 0.17 5
standing_charge_day standing_charge: 0.2 0.6 4
green_share_percent renewable_share: of 20 45 60 80 100
early_exit_fee: of 0 25 50 75
capacity_kwp kwp: 3 24 2
panel_count panels number_of_panels: 8 60
inverter_efficiency efficiency_ratio: 0.94 0.985 3
efficiency efficiency_percent: 62 98 1
tilt_degrees: of 10 15 20 30 35 40
battery_kwh [solar_installation installation]: of 0 5 7.7 10 15
annual_yield_kwh annual_production_kwh: 2800 23000
co_2_saved_kg: 900 9800
carbon_kg co_2_kg emissions_kg: 20 480 2
performance_ratio: 0.72 0.88 3
voltage_level_kv voltage_kv: of 10 20 20 110 110 220 380
transformer_mva: of 10 16 25 31.5 40 63
load_percent: 18 92 1
oil_temperature_c oil_temp_c: 32 78 1
sf_6_pressure_bar: 5.2 6.4 2
commissioned_year installation_year installed_year: 1968 2023
saidi_minutes saidi saifi: 0.1 9 2
energy_charge: 25 320 2
network_charge grid_charge: 12 140 2
max_power_kw max_kw charging_power_kw: of 3.7 7.4 11 11 22 50 150
price_per_kwh [ev_charger charger]: 0.29 0.69 3
start_soc soc_start: 8 55
end_soc soc_end: 60 100
soc state_of_charge: 10 100
energy_kwh [charge_session charging_session]: 4 62 3
cost [charge_session charging_session]: 2 38 2
additions lines_added: 1 420
deletions lines_removed lines_deleted: 0 260
files_changed changed_files: 1 24
ahead_by behind_by commits_ahead commits_behind: 0 40
stars_count star_count stargazers_count stars [repository repo]: 0 4800
forks_count fork_count forks watchers_count: 0 620
open_issues issue_count: 0 140
size_kb [repository]: 40 240000
asset_size_bytes: 120000 90000000
downloads_weekly weekly_downloads: 40 900000
cvss_score cvss cvss_base_score: 3.1 9.8 1
epss epss_score: 0.0004 0.92 5
asn as_number: 64496 64511
hit_count blocked_requests: 1 4800
last_response_code: of 200 200 200 204 404 500 503
line line_number line_no [review_comment diff comment@software error]: 4 620
coverage_percent code_coverage: 48 98 2
number issue_number pr_number [issue@software pull_request merge_request]: 1 4200
reading_time_min read_time reading_time: 2 14
words_per_minute wpm: 38 110
"""
_COUNTS = """
year release_year publication_year published_year model_year year_made [vehicle car film movie book album
 song track instrument model]: 1998 2025
year_built built_year construction_year built [vessel ship]: 1996 2024
year_built built_year construction_year: 1925 2023
founded founded_year year_founded established_year formed_year year_established year_formed: 1980 2023
graduation_year class_of: 2024 2030
birth_year year_of_birth born born_in [author artist composer painter writer poet]: 1915 1985
birth_year year_of_birth born born_in: 1950 2005
death_year year_of_death died died_in: 1991 2024
fiscal_year: 2022 2026
card_exp_year exp_year expiry_year expiration_year expires_year year_of_expiry: 2026 2031
card_exp_month exp_month expiry_month expiration_month expires_month: 1 12
payment_day billing_day due_day day_of_month: of 1 1 5 10 15 15 20 28
quarter: 1 4
day_of_week: 0 6
week week_number iso_week: 1 52
age [pet animal dog cat]: 1 14
age [child]: 1 17
dependents number_of_dependents children_count: 0 4
children max_children kids infants: 0 3
adults max_adults: 1 3
bed_count beds number_of_beds [room room_type suite @hotel]: of 1 1 2 2 2 3 4
total_stays number_of_stays stays: 0 24
guests guest_count number_of_guests party_size max_occupancy max_guests occupants occupancy_limit: 1 6
floor floor_number storey: 1 12
floors number_of_floors stories storeys: 1 4
bedrooms bedroom_count: 1 5
bathrooms bathroom_count baths: of 1 1 1.5 2 2 2.5 3
garage_spaces parking_spots [property house]: 0 3
parking_spaces parking_spots: 10 240
total_rooms room_count number_of_rooms [hotel]: 24 420
seating_capacity capacity [restaurant]: 30 160
capacity [class room classroom course section]: of 18 20 24 25 30 32 40
capacity [event workshop library]: of 15 20 30 40 60 80 120
capacity max_capacity venue_capacity [concert venue stadium arena theater]: 250 18000
capacity max_players [server match game lobby]: of 8 10 12 16 32 64 100
current_players online_players: 0 60
tickets_sold: 120 9800
student_capacity: 250 1800
max_enrollment max_students class_size enrollment_limit: of 18 20 24 25 30 32 40
max_participants participant_limit: of 8 10 12 16 20 25 30
period [class schedule lesson]: 1 8
dock_count docks dock_doors: 2 36
berths: 2 28
atm_count: 1 6
member_count members [guild team club group]: 2 48
max_members: of 10 20 30 50 50 100
employee_count employees ~num_employees number_of_employees headcount [organization company]: 4 900
headcount [department team position]: 1 40
review_count reviews_count rating_count number_of_reviews: 0 320
helpful_count helpful_votes: 0 48
follower_count followers follower_number: 12 48000
following_count: 4 900
monthly_listeners: 1200 2400000
play_count plays streams stream_count listen_count: 900 4800000
view_count views: 12 9400
like_count likes favorites favorite_count: 0 640
comment_count: 0 50
share_count: 0 120
downloads download_count: 10 24000
login_count sign_in_count: 1 240
failure_count error_count failed_count failed_attempts: 0 4
usage_count used_count use_count times_used redemption_count redeemed_count: 0 120
max_uses usage_limit max_redemptions: of 1 50 100 100 250 500 1000
transaction_count: 2 64
applicants_count applicant_count: 2 140
citation_count: 0 140
listings_sold deals_closed: 2 140
collection_size: 8000 240000
population: 5000 900000
stock_quantity stock quantity_on_hand inventory_quantity on_hand quantity_available available_quantity: 0 200
quantity_reserved reserved_quantity reserved allocated_quantity: 0 20
low_stock_threshold reorder_level reorder_point min_stock safety_stock: of 5 10 10 15 20 25
reorder_quantity max_stock: of 20 25 50 50 100 200
pieces piece_count package_count number_of_packages parcels: 1 24
sort_order sort_index display_order position ordinal sort sequence order_index rank_order list_order menu_order: 1
 20
depth nesting_level tree_level: 0 3
round round_number interview_round: 1 4
installment_number: 1 36
allowed_attempts: of 1 1 2 3
renewals renewal_count max_renewals: 0 3
max_loans loan_limit: of 3 5 5 10
queue_position: 1 9
volume issue volume_number issue_number [journal article book magazine]: 1 48
number [season chapter episode]: 1 12
episode_number: 1 24
season_number: 1 8
lines_of_code ~loc: 80 42000
"""
_THINGS = """
crew_seats crew seat_count_crew [appliance fire_engine turnout ambulance truck vehicle]: 2 9
water_tank water_tank_l tank_l tank_volume_l: of 500 800 1200 1600 2000 4000
pump_l_min pump_capacity pump_rate pump_capacity_l_min: of 800 1000 1500 2000 3000
tread tread_mm tire_tread tire_tread_mm tread_depth: 1.6 8.5 1
distance distance_km [turnout incident dispatch ambulance call emergency]: 0.4 24 1
diss_o_2 dissolved_o_2 dissolved_oxygen oxygen_mg_l diss_o_2_mgl do_mg_l: 4 12 1
length_m length width_m width [tank basin reservoir]: 4 60 1
depth_m depth [tank basin reservoir]: 2 7 1
volume_m_3 volume capacity_m_3 [tank basin reservoir]: 60 4800
design_flow design_flow_m_3_d: 900 48000
treated_area area_treated treated_area_m_2: 20 900 1
visits_per_year visits_included: of 1 2 4 6 12
eligible_voters: 42000 90000
valid_votes: 20000 39000
invalid_votes spoiled_ballots: 20 900
votes vote_count votes_total total_votes votes_received [candidate result election district precinct ballot tally
 option poll choice]: 240 48000
deposit deposit_amount [candidate]: of 250 500 1000
polling_places: 4 60
loa loa_m length_overall length_m [boat yacht berth slip mooring @marina]: 5.5 24 2
max_loa max_loa_m max_length max_length_m [berth slip mooring pier]: of 8 10 12 15 18 24
beam beam_m width_m [boat yacht berth slip]: 2.1 6 2
max_beam max_beam_m max_width_m: of 3 3.5 4 4.5 5.5 6.5
draft draft_m draught draught_m [boat yacht berth slip]: 0.8 2.8 2
min_depth min_depth_m water_depth: 1.6 6.5 2
boat_weight boat_weight_kg displacement_kg [boat yacht]: 900 24000
engine_kw engine_power [boat yacht]: 7 320
crew_size crew_count crew_members [boat visit booking charter boat_visit]: 1 8
yearly_fee annual_dues: of 45 60 80 120 180 240
monthly_fee monthly_charge monthly_rate [berth berth_contract mooring storage parking @marina]: 90 780 2
length_m length distance_m [lift slope trail track route road runway street piste cable segment section river tunnel
 pipeline line path]: 180 4200
length_m length [bridge pier jetty platform quay dock wall fence]: 20 420
length_m length [pool lane]: of 25 25 50
width_m width [road street river canal path]: 2.5 40 1
depth_m depth [pool]: 1.1 3.8 1
base_altitude base_altitude_m base_elevation base_elevation_m valley_altitude bottom_altitude: 400 1400
top_altitude top_altitude_m summit_altitude summit_elevation peak_elevation max_altitude_m: 1500 3400
vertical_drop vertical_drop_m elevation_gain elevation_gain_m elevation_loss climb_m: 120 1500
gradient slope incline inclination grade_percent average_gradient max_gradient average_slope: 2 38 1
capacity_per_hour hourly_capacity throughput_per_hour people_per_hour persons_per_hour: of 600 900 1200 1800 2400 3200
seats seat_count number_of_seats [car car_class vehicle van vehicle_class car_model vehicle_model model]: of 2 4 5 5 5 7
 9
deposit security_deposit deposit_amount [car_class vehicle car rental boat equipment]: of 200 300 500 800 1200
sale_price price purchase_price list_price asking_price book_value residual_value [vehicle car truck motorcycle]: 2500
 48000 2
sale_price price purchase_price asking_price [boat yacht]: 8000 480000 2
sale_price price purchase_price asking_price [horse]: 2500 60000 2
daily_rate rate day_rate [car_class vehicle car rental reservation@transport boat equipment tool]: 29 180 2
visibility visibility_m [weather observation report snow_report dive]: 200 20000
fresh_snow fresh_snow_cm new_snow new_snow_cm: 0 38
snow_depth snow_depth_cm snow_base snow_height snow_height_cm: 15 260
wave_height wave_height_m swell swell_height: 0.2 4.5 1
tide_height tide_level water_level water_level_m gauge_height: 0.4 6 2
water_temperature water_temp water_temp_c sea_temperature pool_temperature: 8 28 1
air_temperature air_temp air_temp_c outside_temperature ambient_temperature: -8 32 1
room_temperature indoor_temperature room_temp: 18 25 1
storage_temp storage_temperature storage_temp_c cold_room_temp fridge_temp fridge_temperature cooler_temperature
 chamber_temp cellar_temperature holding_temperature: 2 8 1
freezer_temp freezer_temperature deep_freeze_temperature: -26 -16 1
oven_temp oven_temperature bake_temperature baking_temperature baking_temp_c: of 160 175 180 190 200 220 240
kiln_temperature firing_temperature furnace_temperature: 900 1280
mash_temperature mash_temp: 62 72 1
fermentation_temperature fermentation_temp: 9 24 1
roast_temperature roast_temp drop_temperature: 195 232
boot_sole sole_length boot_sole_mm sole_length_mm: 265 335
shoe_size boot_size: 36 47
ski_length ski_length_cm board_length: 138 188
abv alcohol alcohol_percent alcohol_content abv_percent: 4 14.5 1
ibu bitterness: 8 80
original_gravity og: 1.036 1.092 3
final_gravity fg: 1.006 1.022 3
brix sugar_brix: 16 26 1
batch_size batch_volume batch_size_l: of 20 50 100 500 1000 2000
cupping_score cup_score: 80 92 2
crop_yield harvest_kg yield_kg harvested_kg honey_kg: 4 420 1
salinity salinity_ppt: 1 38 1
chlorine chlorine_ppm free_chlorine: 0.4 3 2
nitrate nitrate_mg_l nitrates: 1 48 1
nitrite ammonia ammonia_mg_l phosphate: 0.01 0.9 2
hardness alkalinity water_hardness: 4 24 1
acidity_value: 3.2 8.4 2
vintage vintage_year: 2012 2024
drink_from_year: 2026 2029
drink_until_year drink_by_year: 2030 2042
typical_yield yield_per_ha yield_kg_ha typical_yield_kg_ha: 2800 11000
residual_sugar residual_sugar_g_l: 1 48 1
total_acidity acidity volatile_acidity total_acidity_g_l: 3.5 9 2
tare tare_kg [harvest weighing load delivery ticket]: 4 60 1
tare_weight tare_weight_kg tare_kg [container trailer truck]: 2100 4700
tare_weight tare_weight_kg tare_kg tare: 0.2 4 1
vine_count vines: 400 9000
vines_per_row: 40 140
rows_planted row_count: 4 90
bottle_count bottles bottles_produced: 240 9000
price_per_bottle bottle_price: 6 90 2
dose_l_ha dose_kg_ha: 0.2 8 2
rate_per_word price_per_word word_rate: 0.06 0.28 4
words total_words source_words: 180 2400
price_per_hour rate_per_hour: 12 120 2
price_per_hour_cents rate_per_hour_cents hourly_rate_cents hourly_price_cents [parking tariff]: of 100 150 200 250 300
 400
price_per_hour_cents rate_per_hour_cents hourly_rate_cents hourly_price_cents: 1500 12000
price_per_page rate_per_page: 8 60 2
daily_max_cents day_rate_cents daily_maximum_cents: of 800 1200 1500 1800 2400
unit_price price_per_unit [meter_reading reading utility]: 0.12 4.8 4
max_height max_height_cm clearance clearance_cm height_limit_cm [park car_park garage parking]: of 190 200 210 230
focal_length focal_length_mm: of 14 24 35 50 85 135 200
aperture f_number: of 1.4 1.8 2.8 4 5.6 8 11
iso iso_speed iso_value: of 100 200 400 800 1600 3200
birth_weight birth_weight_g: 2400 4200
birth_length birth_length_cm: 46 56
heart_rate pulse pulse_rate resting_pulse max_heart_rate average_heart_rate [session workout activity run ride
 training]: 96 178
heart_rate pulse pulse_rate resting_pulse: 60 102
resting_hr rest_hr: 46 78
max_hr peak_hr: 158 196
hr average_hr: 96 168
volume_ml blood_volume_ml [donation blood_unit unit@medical]: of 250 300 450 450 470 500
lap_time lap_seconds lap_time_seconds lap_time_s: 58 190 2
finish_seconds finish_time_seconds race_time_seconds: 900 16000
duration_seconds duration_sec [episode podcast webinar lecture lesson audiobook interview]: 600 5400
duration_seconds duration_sec length_seconds [film movie show broadcast]: 3600 8400
file_size_bytes size_bytes [episode podcast video]: 18000000 240000000
length_ms duration_ms end_ms [chapter segment clip]: 60000 900000
start_ms offset_ms start_offset_ms [chapter segment clip]: 0 2400000
ballots ballots_cast votes_cast: 20000 40000
turnout turnout_percent: 38 86 1
registered_voters electorate: 900 64000
estimate_low low_estimate estimate_min [lot]: of 200 400 800 1500 3000 6000
estimate_high high_estimate estimate_max [lot]: of 600 1200 2400 4000 9000 15000
hammer_price reserve_price starting_bid opening_bid [lot auction]: of 150 350 700 1400 2800 5500
estimate_low_cents reserve_cents [lot]: 20000 900000
estimate_high_cents [lot]: 900000 2400000
hammer_cents hammer_price_cents bid_cents max_bid_cents max_spend_cents [bid paddle lot invoice@sale]: 15000 900000
credit_limit_cents: of 50000 100000 250000 500000 1000000
spaces space_count number_of_spaces total_spaces capacity [parking car_park garage parking_lot lot_parking zone]: 40 900
capacity [hall auditorium church chapel club cinema]: 40 900
capacity max_capacity passenger_capacity [ferry ship]: 120 1800
capacity passenger_capacity max_passengers [bus coach tram]: 24 110
capacity max_passengers passenger_capacity [elevator boat van balloon]: 4 14
capacity_kg max_load max_load_kg load_capacity load_capacity_kg lifting_capacity_kg [elevator hoist crane lift shelf
 rack]: of 320 450 630 800 1000 2500
capacity_l volume_l capacity_liters [tank barrel keg vat vessel@brewery silo fermenter]: of 20 50 225 500 1000 2000 5000
fill_level fill_level_percent tank_level: 4 98
floor_count floors_served: 2 24
signal_ratio cutoff_ratio: 0.1 4 3
turnover annual_turnover: 40000 4800000 0
weight_kg weight [horse cow bull]: 380 720
weight_kg weight [dog]: 4 42 1
weight_kg weight [cat]: 2.8 6.5 1
height_cm height_hands withers_height withers_height_cm [horse]: 142 178
knit_gauge needle_size needle_size_mm hook_size: of 2.5 3 3.5 4 4.5 5 6 8
stitches stitch_count: 24 320
thread_count: of 144 180 200 300 400
grammage gsm paper_weight: of 80 90 120 160 200 300
carat carats carat_weight: 0.2 3 2
karat gold_karat purity_karat: of 9 14 18 22 24
jackpot prize_amount prize_money total_prize purse: of 500 1000 2500 5000 10000 50000
entry_fee entrance_fee registration_fee admission admission_fee: of 5 8 12 15 20 35 50
nightly_rate nightly_price: 28 260 2
occupancy_percent utilization utilization_percent fill_rate: 38 97 1
absent absentees sick_count: 0 4
miles_driven km_driven kilometers_driven distance_driven trip_km: 6 640
odometer_out odometer_in odometer_start odometer_end: 4200 180000
fuel_out fuel_in fuel_start fuel_end fuel_out_percent fuel_in_percent: of 25 50 75 100 100
materials_cost: 35 900 2
"""
# By the unit alone.
_UNITS = """
ms milliseconds millis: 12 1900
microseconds us: 40 9000
minutes mins: 5 120
seconds secs sec: 5 900
bytes: 1200 4800000
kb kilobytes: 12 4800
mb megabytes: 1 900
gb gigabytes: 1 500
mv millivolts: 3100 4200
percent ~pct percentage: 0 100 1 graded
rate_percent: 1 25 2
bps bp basis_points: 5 500
kmh kph: 8 120
mph: 5 75
kts knots: 4 30
kw: 1 150 1
kwh: 1 900 2
mwh gwh: 1 400 2
kv: of 10 20 110 220
c celsius: 2 34 1
f fahrenheit: 36 94 1
ul: 1 100
~nm: 220 780
v volts: of 5 12 24 48 230 400
a amps: 0.5 32 1
hz: of 50 60 440 1000
mhz: of 433 868 915 2400
dbm: -110 -40
db: -20 90
deg degrees: 0 359
bar: 1 10 1
mbps: of 10 50 100 250 500 1000
kbps: 64 9600
micros: 100000 4500000
t tons tonnes: 1 40 1
ha hectares: 1 80 1
sqm m_2: 20 900 1
m_3 cbm: 1 400 1
years: 1 20
weeks: 1 26
months: 1 36
days: 1 45
hours: 1 40
points: 1 100
kcal calories: 80 900
ppm: 380 1400
ppb: 5 120
px pixels: of 16 24 32 48 64 128 256 512
dpi: of 72 96 150 300 600
kg: 0.5 60 1
g: 20 2500
lbs lb: 1 130 1
oz: 1 32 1
km: 1 480 1
miles: 1 300 1
cm: 2 180 1
mm: 2 900
m: 1 120 1
inches inch in: 1 60 1
ft feet: 1 60 1
liters liter l: 0.5 60 1
ml: of 50 100 250 330 500 750
"""
# Words after the name of what is measured that change no number.
_QUALIFIERS = frozenset(
    [
        "percent",
        "bpm",
        "mmhg",
        "number",
        "total",
        "monthly",
        "annual",
        "annually",
        "yearly",
        "daily",
        "average",
        "mean",
        "current",
        "actual",
        "estimated",
        "usd",
        "eur",
        "gbp",
        "amount",
        "value",
    ]
)


# Units of what is dissolved in something, which its usual range is given in.
_CONCENTRATION = re.compile(r"_(g|mg|ug|ng|mmol|iu|u|meq)_(per_)?(dl|l|ml)_$|_(mmol|meq)_$")


def _range(text: str) -> PlausibleNumbers:
    first, *others = text.split()
    if first == "of":
        numbers = tuple(map(Decimal, others))
        digits = max(max(0, -int(number.as_tuple().exponent)) for number in numbers)
        return PlausibleNumbers(min(numbers), max(numbers), digits, few=numbers)
    last, *more = others
    digits = int(more[0]) if more else 0
    return PlausibleNumbers(Decimal(first), Decimal(last), digits, graded="graded" in more)


# The end of names of amounts in the minor unit of a currency.
_MINOR = "_cents_"


def _in_cents(amount: PlausibleNumbers) -> PlausibleNumbers:
    """The range of an amount in its minor unit."""
    few = tuple(int(number * 100) for number in amount.few)
    return PlausibleNumbers(amount.first * 100, amount.last * 100, few=few)


MEASURED = Endings(
    (_TRADES, _BODY, _MONEY, _SHARES, _SCORES, _DIMENSIONS, _TIMES, _MACHINES, _COUNTS, _THINGS),
    _range,
)


_BY_UNIT = Endings((_UNITS,), _range)


def measured(words: str, about: Collection[str]) -> PlausibleNumbers | None:
    """Return the plausible range of a column's numbers, None if its name does not tell.

    Args:
        words: the normalized name.
        about: the entities and areas that the column and its table are about.
    """
    found = MEASURED.find(words, about)
    if found is None and words.endswith(_MINOR):
        amount = MEASURED.find(words.rpartition("_cents_")[0] + "_", about)
        return amount and _in_cents(amount)
    if found is None:
        before = _CONCENTRATION.sub("_", words)
        if before == words:
            *others, last = words.strip("_").split("_")
            before = f"_{'_'.join(others)}_" if others and last in _QUALIFIERS else ""
        found = MEASURED.find(before, about) if before.strip("_") else None
    return found


def of_unit(words: str) -> PlausibleNumbers | None:
    """Return the plausible range of numbers of the unit that a normalized name ends in, None if it ends in none.

    A letter alone is a name, and no unit.
    """
    return _BY_UNIT.find(words, ()) if len(words) > len("_a_") else None
