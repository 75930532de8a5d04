"""Invented lines of prose that begin like boilerplate. No rule may cut them."""

PROSE = """\
Subscribe to newsletters, the union urges its members.
Sign up for news alerts, residents heard from officials.
Register for the newsletter and you lose your vote, critics warn
Get it in your inbox he cried
Related: a man who knew the victim is in custody
LISTEN: I never said that, and you know it
© Smith lost the case on Monday and must pay damages.
Copyright 2024 Smith Ltd, which the court found guilty of fraud.
Find more about love
Sign up for the newsletter and you will hear nothing, critics say.
Register as a voter, his newsletter said.
Get rich quick newsletters are booming.
Subscribe to the view that ferries are safe and you may be wrong.
Log in hand, she crossed the yard.
Advertising
Advertisement spending fell by a third.
Photo: how the harbour lost its way
Photos of the ferry were taken at noon.
Video: police look for witnesses.
Topics such as abortion and gun control remain divisive
Topic of the day
Filed under seal, the complaint says nothing
Follow the candidates on Facebook and you learn little.
Follow us on the way home
See more than the guide shows.
Read more books, she said.
Related matters were not discussed.
Watch: the time is near.
Listen: I do not care what they say.
Share on profits
Share prices fell.
Print is not dead.
12 comments were received by the council.
Comments were not allowed
5 min reading lists are popular
(c) any person who keeps a ferry for hire
Copyright 1976 law was a mess.
Copyright law is a mess
All rights reserved for the harbour were lost.
This article is about ferries.
© and other marks are explained below.”
Recommended doses are small.
You may like it or not.
Tagged fish were released.
Subscribe to the idea that newsletters died with the fax and you will be surprised.
Subscribe or be left behind, newsletters told the trade in 1996.
Subscribe to nothing is the advice of a woman who wrote newsletters for thirty years.
Subscribe, they said, and the newsletter will change your life.
Subscribe to a newsletter that lies to you and you become a liar, he holds.
Subscribe today, and regret it tomorrow.
Subscribe now or pay more later, the railway tells its passengers.
Subscribe to continue the fight, the union told its branches.
Subscribers to the newsletter doubled within a year.
Subscribers only heard of the closure on Friday
Sign up for the army and see the world, the posters promised
Sign up now, the newsletters urged, or lose your place in the queue.
Sign up sheets for e-mail alerts were stolen from the library.
Sign up to save the harbour, asks a petition that reached every inbox.
Sign up for the man who writes newsletters for a living
Sign up to get the vote out, the newsletter begged
Sign in and sit down, pupils were told.
Sign in sheets were burned.
Sign in blood
Sign the pledge, drop the newsletter, and go outside
Register here, said the clerk, and pointed at the inbox on the desk.
Register offices sent out e-mail alerts for weeks
Registered voters were sent newsletters.
Register your dog, the council’s newsletter orders
Get the newsletter off my desk, she shouted
Get rid of the spam in your inbox
Get the police to read the newsletter, he pleaded
Get our boys home, begged the newsletter of the mothers of the lost crew
Get used to newsletters, because they are not going away
Get the crooks behind newsletters
Get your hands off our newsletter
Get me the newsletter he wrote
Get this in your inbox and weep
Get Lee, the newsletter said.
Get the news in your inbox and stop watching television, doctors advise.
Gift this article of faith to no one
Log in hand, he walked to the mill.
Log in to the system and you see nothing but errors, nurses say
Log in trouble has cost the port two million.
Already a subscriber to three papers, she bought the fourth.
Already have an account of the battle, the historians have not
This article is for anyone who has lost a dog.
This article is for subscribers of the old school, who like their tea strong.
This story is for members of the jury alone
Advertisement is the soul of trade
Advertisement: a word that once meant a warning
Advertisements for sugar were banned in May.
Sponsored content is what they call it now.
Sponsored content made up a third of the paper
Story continues to puzzle the village
Story continues below the waterline in her new novel
Article continues a trend, scholars say.
Continue reading aloud to children, teachers advise
Photo: a harbour that nobody wanted
Photo: The mayor was nowhere to be seen.
Photo by photo, the truth came out.
Photo courtesy is a thing of the past.
Photo credits go to the wrong people
Photographs: They burned them all.
Photograph by her bed, the old man smiled.
Picture this, the mayor said: no cars at all.
Picture a town without a harbour
Pictures: Nobody was allowed to take them.
Image is everything
Image: what the town lacked, and what it now hopes to buy
Images by the thousand were found on his telephone.
Graphic: the judge warned that the film was too much for children.
Graphic violence was shown.
Illustrations by hand are dear.
Video: It shows two men who run from the shop.
Video by video, the school lost control
Video courtesy of a neighbour shows the fire.
Videos: where the young get their news
Topics: we talked about love and death
Topics: the budget, which nobody understood, and the harbour
Topics on which they agree are few.
Tags: they are worn by every dog in town.
Tags: dogs must wear them
Tags on the goods said otherwise
Tagged with a bracelet, he may not leave the house.
Tagged: one in three of the city’s pigeons, which nobody had counted before
Keywords: what machines look for, and writers avoid.
Keywords were stuffed into every line
Filed under oath, the statement says little.
Follow topics that matter, he advises, and skip the rest.
Follow this topic to its end and you reach the sea
Follow these topics and you will never sleep
Follow the money on its way to the islands
Follow the money on X and you find a cousin
Follow him on foot, she said
Follow us on the march, they chanted
Follow us on Facebook for more, he said, and was laughed at.
Follow our leader on Twitter and lose your job, workers were warned
More on the vote will be known tomorrow.
More on this than on any other matter the council was divided
More from the court is expected on Friday
MORE FROM HABIT than from belief, he prayed.
Related to the king, she never had to work.
Related topics were avoided at dinner.
Related stories reached us from the north
Related: he was her cousin.
Related: Nobody knew that they were brothers
Related, but not close, the two families share a wall.
Related articles of the treaty were struck out.
Related coverage of risks is excluded by the policy.
See more clearly now
See more from the hill than from the tower
See more of the world, his father told him
See also the fate of the last mayor, who drowned.
See more: the guide did not exaggerate
Read more books than you lend
Read more on Tuesdays
Read more on the ferry
Read more in bed
Read more, talk less
Read more about love
Read also between the lines
Read: my lips are sealed
Read: We were robbed
Read: You will not be paid, and there is nothing that you can do
READ: He was not told
READ: The mayor resigned. Nobody knew.
READ MORE: It was on the wall, and nobody did
READ MORE: that was the teacher’s one rule
ALSO READ: the small print
Also read the letter aloud, she was told
Also read: a psalm, two poems and the will
View more in sorrow than in anger
View more than one house before you buy
View from the bridge
Find more time for children
Find more from less
Find more money or close, schools are told
Find also the man who sold it
Show more mercy
Show more on the scoreboard
Show more about the war, viewers ask
WATCH: I will be back before noon
WATCH: This is how it begins
WATCH: You never know
WATCH: the word was painted on every door
Watch: nobody will thank you
Watch this space
LISTEN: We have nothing to hide
LISTEN: That was never my plan
LISTEN: Don’t move
LISTEN: If he talks, we are lost
LISTEN: All of it was a lie
Listen to this article of the law
Listen to this, he said
Listen: I have had enough
Don’t miss the last boat
Don't miss: what she feared most was not to
Most read nothing at all
Most read: one book a year
Recommended for you by your doctor, perhaps, but not by ours.
You may like it, or you may not
You may also like what comes next
Editors’ picks of the year were all men.
Editor's picks were ignored
Share this with nobody
Share this article with the jury and you are in contempt
Share on share, the fortune grew
Share this page of history
Share: what every child must learn
Print this and you will be sued
Print page after page, he told them
Print articles pay less
Save article five, the treaty is dead
Save for later is what his mother taught him
Copy link by link, the chain was rebuilt.
Comments (3) to 9 of the report were blacked out.
Comment is free
12 comments were deleted
7 shares were sold
3 shares of the harbour company changed hands
Back to top form, she won in two sets
Back to the top of the hill
Skip to main points, the judge said.
Skip to content yourself with less
Reading time at school has been cut
5 minute reads are all the rage
5 min read aloud would do, he said.
10-minute listen-ins are planned
© marks were missing from the plates
© Lee: the mark that cost a village its song
© 2024 was painted on the wall by somebody who could not spell.
© Harbour Post was printed on every one of the forged notes
(c) 2024 Smith, who was then a clerk, took the money.
(c) a vessel of more than ten tons
Copyright 2024 was a bad year for singers
Copyright 1976 Act
Copyright 2024 Lee, a court ruled
Copyright 2024 by then had lost its meaning.
Copyright (c) 1999, the plate said, in letters that a child had scratched.
Copyright is theft
All rights reserved, the sign said.
WATCH: The word was painted on every door
Tags: men hate them, women love them
""".splitlines()
