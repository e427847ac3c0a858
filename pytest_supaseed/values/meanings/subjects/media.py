"""Words and phrases of music, film and games.

:data:`NAMES` are declarations of :mod:`~pytest_supaseed.values.meanings.endings` with texts of
:mod:`~pytest_supaseed.values.meanings.phrases`, :data:`SLOTS` the slots of these.
"""

NAMES = """
region [guild clan]: NA | EU | APAC | SA
channel [chat_message chat message@game]: global | guild | party | trade | team
name artist_name stage_name band_name performer [artist band musician performer]: {artist}
headliner support_actual: {artist}
name [label record_label]: {Lantern/Harbor/Blue Door/North/Paper Moon/Echo/Velvet} {Records/Music/Recordings/Sound}
biography bio about description [artist band musician performer]: +1-3 {artist_sentence}
title name track_name song_title [track song recording]: {song}
title name album_title [album record release]: {song} | {Songs from/Nights in/Back to} {music_place} | The {song_noun}
 {Tapes/Sessions/EP}
title name [playlist mixtape]: {mood_word} {activity/Mix/Sundays/Mornings/Drive/Focus/Evenings} | {genre_word}
 {Essentials/Classics/Discoveries/for Work/for Rain}
description [playlist mixtape]: {genre_word} and {genre_word} for {cooking/long drives/rainy days/running/working
 late/slow mornings}. | {Songs/Tracks} {we play/to play} {at dinner/on the road/before sleep}.
genre favorite_genre parent_genre music_genre [artist album track song playlist listener genre @music]: {genre_word}
name [genre@music]: {genre_word}
description [genre]: {genre_word} with roots in {Chicago/Jamaica/Lagos/Berlin/New Orleans/Manchester}. |
 {Slow/Fast/Warm/Heavy} {rhythms/guitars/synthesizers/voices} and {long solos/short songs/spoken words}.
musical_key key tonality [track song]: {C/D/E/F/G/A/B} {major/minor} | {F#/Bb/Eb/Ab} {major/minor}
time_signature: 4/4 | 4/4 | 3/4 | 6/8
album_type release_type: album | single | ep | compilation
lyrics: {lyric}, {lyric}, and {lyric}. | {^lyric}, {lyric}; {lyric}.
composer producer songwriter conductor engineer lyricist: {first_name} {last_name}
copyright: (C) <2005-2025> {Lantern/Harbor/Blue Door/North} Records
liner_notes: Recorded in {music_place}, {spring/autumn/winter} <2012-2024>. {Mixed/Produced} by {first_name}
 {last_name}.
catalog_number: {LAN/HRB/BDR/NOR}-<#4>
mood [track song playlist @music]: calm | happy | energetic | melancholic | dreamy | dark
file_format audio_format codec [track song recording file @music]: mp3 | flac | aac | ogg | wav
audio_quality quality [play stream @music]: low | normal | high | lossless
hometown place_of_birth: {Austin/Leeds/Lisbon/Oslo/Nashville/Montreal/Ghent/Dublin/Accra/Osaka}
name concert_name tour_name [concert gig tour@music show@music]: {song} Tour | {artist} live | {Summer/Winter/Harbor}
 Nights | An Evening with {artist}
venue venue_name [concert show gig event @music]: {Harbor/Union/Lantern/City/Riverside/Old Mill}
 {Hall/Arena/Club/Theater/Park}
description [concert gig show@music]: +1-2 {artist} play {songs from the new album/their first record/an acoustic set}.
 | {Doors/Support act} at <6-8> pm. | With {artist} as {guests/support}.
age_restriction age_limit: all ages | 16+ | 18+ | 21+
section [ticket seat]: {A/B/C/Floor/Balcony}
row [ticket seat]: {A/B/C/D/E/F/G}
seat seat_number [ticket booking]: <1-42>
ticket_type [ticket]: standard | vip | early_bird | student
source play_source [play stream @music]: playlist | album | search | radio | artist page
territory market: worldwide | US | EU | UK | Japan | Nordic
^period reporting_period review_period statement_period: 2025-Q<1-4> | 2024-Q<1-4> | 2025-0<1-9>
name title [instrument@music instrument@shop]: {Acoustic/Electric/Classical/Bass} Guitar | {Upright/Grand/Digital}
 Piano | Violin | Cello | Trumpet | Alto Saxophone | Drum Kit | Flute
category instrument_type [instrument@music instrument@shop]: strings | keys | brass | woodwind | percussion
brand [instrument@music instrument@shop]: {Alder/Cascade/Halcyon/Lodestar/Wren} {Guitars/Pianos/Strings/Brass}
model [instrument@music instrument@shop]: {Standard/Classic/Concert/Studio} {A/C/S/X}<1-9>0
finish [instrument@music instrument@shop guitar]: sunburst | natural | matte black | cherry | walnut | white
body_wood wood tonewood: maple | mahogany | spruce | alder | rosewood
description [instrument@music instrument@shop]: {Warm/Bright/Balanced} tone, {light/solid} {spruce/maple/mahogany}
 body. | {Well kept/Restored/New strings}, with {case/stand/bow}. | Good for {beginners/stage/studio}.
title name film_title movie_title [film movie]: The {book_adj} {^book_noun} | {^book_noun} and {^book_noun} |
 {Last/Nine/Two} {Days/Nights/Letters} {in/from} {book_place}
description synopsis plot overview [film movie series episode]: +1-2 {book_sentence}
director: {first_name} {last_name}
name character_name title [character hero npc]: {char_first}{char_last}
giver_npc npc npc_name quest_giver: {Captain/Elder/Smith/Healer/Scout} {char_first}
class character_class [character hero player]: warrior | mage | rogue | ranger | paladin | healer
race species [character hero]: human | elf | dwarf | orc | halfling
zone location area [character quest npc @game]: {game_place}
faction: {Order of/Children of/House of} {the Flame/the North/the Tide/Iron}
alignment: lawful good | neutral good | chaotic good | neutral | chaotic neutral
backstory: +1-2 Grew up in {game_place}, {raised by {smiths/monks/traders}/the youngest of <3-7>}. | {Left/Lost/Seeks}
 {the family sword/a brother/home} {after the siege/years ago}. | Swore never to return to {game_place}.
name item_name title [item@game weapon armor loot equipment@game]: {item_adj} {item_noun} | {item_noun} of {the
 Wolf/Frost/Embers/the Tide/Dawn}
description flavor_text [item@game weapon loot]: {Forged/Found/Carved} in {game_place}. | {Still warm/Light as a
 feather/Older than the walls} of {game_place}. | Once carried by {char_first}{char_last}.
rarity: common | common | uncommon | rare | epic | legendary
item_type [item inventory @game]: weapon | armor | consumable | material | quest
slot equipment_slot [item equipment]: head | chest | hands | legs | feet | main hand | off hand
acquired_from obtained_from: quest | drop | vendor | crafting | trade
name guild_name clan_name [guild clan]: {item_adj} {Wolves/Ravens/Knights/Foxes/Shields/Lanterns} |
 {Order/Sons/Circle} of {the Wolf/Frost/Embers/the Tide/Dawn}
tag [guild clan]: <A3>
description [guild clan]: {Friendly/Competitive/Casual/Small} guild for {raids/quests/evenings/new players}, {active
 on weekends/EU evenings/voice chat optional}.
message_of_the_day motd: {Raid on {Friday/Saturday} at <7-9> pm/Welcome, new members/Maintenance on Tuesday/Double XP
 this weekend/Be kind and have fun}!
recruitment_status: open | closed | invite_only
title name [quest mission]: {The/A} {Lost/Stolen/Broken/Hidden} {item_noun} | {Wolves/Smoke/Lights/Bandits}
 {near/in/above} {game_place} | {Escort to/Road to/Siege of} {game_place}
description objective objective_text [quest mission]: {Find/Bring back/Deliver} {<2-12> {herbs/wolf
 pelts/crystals}/the lost sword/a sealed letter} {from/to} {game_place}. | {Defeat/Scare off} {the bandits/three
 trolls/the wolf pack} near {game_place}. | Speak to {char_first} in {game_place}.
dialogue completion_text [quest mission npc]: "{Well met/At last/Thank the stars}, {traveler/friend}. {The road to
 {game_place} is closed/I heard of your deeds/Take this, you have earned it}."
quest_type: main | side | daily | weekly | event
difficulty [quest mission level game]: easy | normal | hard | nightmare
game_mode mode [match game lobby]: ranked | casual | capture_the_flag | deathmatch | battle_royale
map_name map [match game server level]: {game_place}
winner_team team [match match_player]: red | blue
role [match_player champion]: tank | support | carry | jungler | mid
champion hero: {char_first}{char_last}
score [match]: <0-16>-<0-16>
rank tier division [player leaderboard]: bronze | silver | gold | platinum | diamond | master
title player_title [player]: {Wanderer/Champion/Dragonslayer/Novice/Pathfinder/Night Watch}
status_message: {Looking for a group/Away/In a match/Raiding {game_place}/Back at <6-9> pm}
message content text [chat_message chat @game]: {gg/well played/nice shot/need healing/group up/follow me/one
 more?/brb/ready?}{/!/ {char_first}} | {Anyone up for/Who wants to join} {a raid/ranked/the quest in {game_place}}?
name title [achievement badge trophy]: {First/Hundredth/Perfect/Silent} {Victory/Raid/Quest/Hunt} |
 {Dragon/Treasure/Night/Frost} {Slayer/Hunter/Walker/Collector}
code [achievement badge]: {FIRST_WIN/RAID/EXPLORER/COLLECTOR/STREAK}_<1-100>
description hint [achievement badge trophy]: {Win/Finish/Complete} <1-100> {matches/quests/raids}{./ in a row./ in one
 week.} | {Find/Visit} {all secrets/every tower} in {game_place}.
category [achievement]: combat | exploration | social | collection
evidence: screenshot | replay | chat log
description [report@game player_report]: {Used/Wrote/Sent} {insults/spam/links} {in chat/after the match/several times}.
 | {Left/Blocked} {the match/the team} {twice/on purpose}. | {Impossible/Unusual} {aim/speed/score} in {game_place}.
name title theme [season battle_pass]: Season of {the Wolf/Frost/Embers/the Tide/Dawn/Shadows} | Season <1-14>
description [season battle_pass]: {New/Frozen/Burning} {lands/raids/maps} around {game_place}, {and a new class/and
 <20-90> rewards/and ranked play}.
product_name product_sku [purchase store]: {gems/coins/skin/pass}_{small/medium/large/<100-900>}
currency_type: gems | gold | usd
store app_store: app_store | google_play | steam | web
hostname [server]: {eu/us/ap}-{game/match/lobby}-<#2>.example.com
name [server realm]: {game_place} | {EU/US/AP}-<1-24>
"""
SLOTS = """
artist: {The /}{Paper/Velvet/Quiet/Northern/Electric/Wooden/Golden/Midnight}
 {Foxes/Lanterns/Harbors/Giants/Avenue/Rivers/Satellites/Gardens}
artist_sentence: {Formed/Founded/Met} in {Leeds/Austin/Oslo/Lisbon/Montreal} in <1988-2020>. | Known for
 {slow/dense/bright/sparse} {guitars/harmonies/synthesizers/rhythms}. | {First/Latest} album "{song}" {was recorded in
 {music_place}/came out in <2004-2024>}. | Toured {Europe/Japan/North America} {twice/with {artist}}. | {Writes/Plays}
 {folk/jazz/pop} with {strings/brass/a drum machine}.
song: {song_adj} {song_noun} | {song_noun} {in/of/from} {music_place} | {Carry/Follow/Wait for/Call} {Me/the
 Rain/Tomorrow/the Tide} | {Last/First/Slow} {Train/Dance/Summer/Letter} {Home/South/Again}
song_adj: Blue | Paper | Golden | Quiet | Electric | Broken | Northern | Midnight | Silver | Falling
song_noun: Rain | Kites | Motel | Harbor | Echo | Wildfire | Coffee | Horizon | Lanterns | Static | Ocean | Window
music_place: the Mill | Lisbon | Room Nine | the North | Echo Park | the Basement | Winter | June
mood_word: Calm | Happy | Slow | Sunny | Late | Rainy | Deep | Easy
activity: Coffee | Cooking | Running | Reading
genre_word: Jazz | Folk | Indie | Soul | Ambient | House | Hip Hop | Classical | Reggae | Blues | Synthpop | Funk |
 Latin | Country
lyric: the lights go out on {Main Street/the harbor} | I keep your {letter/coat/song} {by the door/in June} | we were
 {younger/louder/lost} than the rain | hold on to {the morning/me/the sound} | the river {knows/remembers} {my
 name/us}
char_first: Aldric | Brena | Corvin | Elara | Fenn | Isolde | Kael | Lyra | Mira | Orin | Sable | Thorne
char_last: {/ Ashford/ Brightwater/ Duskwalker/ Ironhand/ Stormborn/ of the Vale}
game_place: Frostmarch | Ember Keep | the Sunken Vale | Ravenwood | Highwatch | the Glass Desert | Mossgate |
 Stormhaven
item_adj: Rusty | Enchanted | Ancient | Burning | Frozen | Silver | Cursed | Runed
item_noun: Sword | Bow | Shield | Amulet | Helm | Staff | Dagger | Ring | Cloak | Potion
"""
