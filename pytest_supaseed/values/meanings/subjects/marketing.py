"""Words and phrases of advertising, newsletters and the analysis of visits.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
objective campaign_objective goal optimization_goal kpi [campaign ad_group ad adset @marketing]: awareness | traffic |
 leads | conversions | app installs | sales | engagement
channel ^medium [campaign ad ad_group touchpoint @marketing]: search | social | display | video | email | affiliate
platform ad_platform network ad_network publisher [campaign ad ad_group placement @marketing]: search | social feed |
 display network | video | audio | marketplace
bid_strategy bidding_strategy: manual CPC | maximize clicks | maximize conversions | target CPA | target ROAS
pacing delivery_pacing: even | accelerated | as fast as possible
placement ad_placement position [ad ad_group @marketing banner]: feed | stories | search results | sidebar | in-stream
 | header
device_targeting target_devices: all devices | mobile only | desktop only | mobile and tablet
match_type: exact | phrase | broad
competition competition_level: low | medium | high
keyword keyword_text search_term query search_query [keyword ad_group search @marketing]: {buy/cheap/best/new}
 {shop_word} | {shop_word} {online/near me/for kids/reviews/sale/price}
audience_type segment_type: custom | lookalike | remarketing | interest | customer list
name audience_name segment_name [audience segment@marketing]: {Visitors/Buyers/Subscribers/Cart abandoners} {last
 <7-90> days/of {shop_word}s} | Lookalike <1-5>% {buyers/leads/subscribers}
description [audience segment]: {Visitors/Buyers/Subscribers} {who saw {shop_word}s/with an open cart/without an
 order} in the last <7-180> days.
gender genders target_genders [audience targeting ad_group]: female | male | all
location locations target_locations geo_target geo_targets region regions [audience targeting campaign@marketing]:
 {Texas/California/Ontario/Bavaria/Catalonia/London/Paris/Vienna/Denver/Oslo}
name ad_group_name adset_name [ad_group adset]: {shop_word}s - {exact/broad/mobile/remarketing/brand}
campaign_name [campaign]: {Spring/Summer/Autumn/Winter/Black Friday/Launch/Brand/Retargeting}
 {Sale/Search/Social/Video/Newsletter} {2024/2025/US/EU/Q<1-4>}
name creative_name [creative ad banner]:
 {shop_word}_{blue/white/lifestyle/detail/spring}_{300x250/728x90/1080x1080/story}_v<1-4>
format creative_format ad_format ad_type [creative ad]: image | video | carousel | text | html5
headline ad_headline title [creative ad advert banner]: {New/Better/Lighter} {shop_word}s {for less/are here/in stock}
 | {Free shipping/Save <10-40>%} {this week/today/on {shop_word}s} | Find your {shop_word}
description_line primary_text ad_copy ad_text body body_text [creative ad advert]: +1-2 {Discover/See/Try} our
 {new/best/lightest} {shop_word}s{, with free returns/, from $<19-90>/ - in stock now}. | {Over/More than} <2-90>,000
 happy {customers/runners/families}. {Order/Book/Start} today.
call_to_action cta cta_text button_text button_label: Shop now | Learn more | Sign up | Get a quote | Book now |
 Download | Subscribe | Contact us
aspect_ratio: 1:1 | 4:5 | 16:9 | 9:16 | 3:2
review_status approval_status [creative ad advert]: pending | approved | rejected
disapproval_reason policy_violation: {misleading claim/trademark in text/broken landing page/too much text/wrong
 language/restricted product}
final_url_suffix url_suffix tracking_params: utm_source={google/meta/news}&utm_medium={cpc/email}&utm_campaign=<x6>
tracking_template: https://track.example.com/c?src=<a4>&cid=<#5>
rotation ad_rotation: optimize | even | rotate
attribution_model: last click | first click | linear | time decay | position based | data driven
event_name conversion_event conversion_name goal_name [conversion goal event@marketing pageview analytics]: purchase |
 add_to_cart | lead | sign_up | page_view | begin_checkout | download
gclid click_id fbclid msclkid: <*40>
cookie_id visitor_id anonymous_id client_id [conversion visit pageview session event@marketing]: <#9>.17<#8>
browser_version: <110-131>.0.<1-6400>
screen_resolution viewport: 1920x1080 | 1366x768 | 390x844 | 1440x900 | 2560x1440 | 412x915
page_path landing_page exit_page page_url_path: /{products/blog/pricing/about/cart/help}{/ {shop_word_slug}/}
variant_a variant_b variant control treatment [experiment test ab_test split_test]:
 {Blue/Green/Short/Long/Large/Old/New} {button/headline/form/price table/photo/intro}
winner winning_variant [experiment test ab_test]: A | B | none
hypothesis [campaign experiment test ab_test]: {A shorter/A larger/A clearer/An earlier} {headline/form/button/price}
 will {raise/increase} {clicks/orders/sign-ups} {by <3-25>%/on phones/of new visitors}.
conclusion learnings result_summary [experiment test ab_test]: Variant {A/B} {raised/lowered} {clicks/orders/sign-ups}
 by <1-18>.<0-9>%{./, roll out to all./, not significant./, repeat with more traffic.}
name [ab_test split_test]: {Headline/Button/Price/Form/Photo} test {<1-24>/{March/June/October}}
experiment_name [experiment ab_test split_test]: {Headline/Button/Price/Form/Photo} test {<1-24>/{March/June/October}}
brand_guidelines guidelines [advertiser brand client]: {Logo on white only/No stock photos/Tone:
 {warm/factual/playful}/Font: {Inter/Lato}/Never use {red/superlatives/exclamation marks}}.
kpi_notes performance_notes [campaign]: +1-2 {CTR/CPA/ROAS/Reach} {above/below/on} target {in week <2-9>/since the new
 creative/on mobile}. | Budget {moved to {search/social/video}/raised by <5-30>%/spent by noon}.
billing_period [invoice ad_invoice]: {January/February/March/April/May/June/September/October/November} 202<4-5>
subject_line: {email_subject}
preheader preview_text: {Open for your discount/Only until Sunday/What is new this month/<3-9> ideas for your
 weekend/We saved your cart}
from_name sender_name [email email_send newsletter campaign mailing]: {Anna/Ben/Clara/The team} {at/from}
 {Harbor/Lantern/Summit/Cedar} {Shop/Studio/Weekly}
list_name mailing_list audience_list name [mailing_list list@marketing email_list]: {Newsletter/Customers/Leads/Trial
 users/Partners/VIP} {EU/US/2025/weekly/all}
plain_text text_body text_version: Hi {first_name}, {email_sentence} {Best regards/Thank you/Cheers}, {author}
unsubscribe_reason: too many e-mails | not interested | never signed up | wrong address | other
lead_status lifecycle_stage: subscriber | lead | qualified | opportunity | customer
deal_stage sales_stage pipeline_stage: prospecting | qualification | proposal | negotiation | closed won | closed lost
name title deal_name opportunity_name [deal opportunity]: {Harbor Foods/Linden Labs/Cedar Media/Summit Energy/Maple
 Retail} - {renewal/new licenses/pilot/expansion/training}
next_step [deal opportunity lead]: {Send/Review/Discuss} the {proposal/contract/price list} {on Monday/with finance/by
 Friday} | Call {first_name} {next week/on Thursday}
competitor competitors: {Northwind Tools/Acme Cloud/Globex/Initech/none known}
"""
SLOTS = """
shop_word: running shoe | desk lamp | rain jacket | coffee grinder | office chair | travel bag | bike helmet | yoga
 mat | water bottle | tent | headphones case | garden hose
shop_word_slug: running-shoes | desk-lamps | rain-jackets | coffee-grinders | gift-ideas
"""
