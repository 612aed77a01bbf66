"""The few words that name what is not article, by language; structure decides first, these only help.

Language tags of feeds lie too often to choose one list, so all languages are asked at once: the words are
particular enough not to meet in another one.
"""

from __future__ import annotations

import re

# Classes and ids that publishers give to what is not article (WordPress, Blogger, FeedBurner, newspapers).
ASIDE_NAMES = frozenset((
    "ad", "ads", "advert", "advertisement", "adsense", "breadcrumb", "breadcrumbs", "byline", "cookie",
    "cookies", "comments", "copyright", "disclaimer", "disclosure", "feedflare", "footnote",
    "footnotes", "morearticle", "navigation", "newsletter", "pagination", "promo", "promotion",
    "related", "relatedposts", "selfpromo", "share", "sharedaddy", "sharing", "shares", "social",
    "socials", "sponsor", "sponsored", "subscribe", "toc", "yarpp", "trustbadge", "attribution",
    "mw-editsection",
))  # fmt: skip
CAPTION_NAMES = frozenset((
    "caption", "captions", "credit", "credits", "picinfo", "photographer", "wp-caption-text",
))  # fmt: skip

_READ_MORE = (
    # en
    r"(?:click here to )?(?:continue|keep) reading|(?:read|see|view|learn|show|find out) (?:the )?(?:more|"
    r"full \w+|rest\b.*)|"
    r"full (?:story|article|post)|read (?:it|on|article)|"
    # de, fr, es, it, pt, nl
    r"weiterlesen|mehr (?:lesen|erfahren|dazu)|lire (?:la suite|plus|l[’']article)|en savoir plus|"
    r"leer más|seguir leyendo|"
    r"continuar leyendo|leggi (?:tutto|di più|l[’']articolo)|continua a leggere|le(?:ia|r) mais|"
    r"continue lendo|saiba mais|"
    r"lees (?:meer|verder)|läs mer|les mer|læs mere|czytaj (?:więcej|dalej)|devamını oku|"
    # ru, uk
    r"читать (?:далее|дальше|полностью|ещё|еще)|подробнее|далее|читати далі|докладніше|"
    # zh, ja, ko
    r"(?:点击|點擊)?(?:查看|阅读|閱讀|继续阅读|繼續閱讀|看)(?:全文|原文|更多|详情|詳情)?|继续阅读|繼續閱讀|"
    r"続きを読む|続きはこちら(?:から)?|もっと見る|全文を読む|더 ?(?:보기|읽기)|계속 읽기|자세히 보기|"
    # ar, he, fa
    r"اقرأ المزيد|إقرأ المزيد|قراءة المزيد|קרא עוד|להמשך קריאה|ادامه مطلب"
)
READ_MORE = re.compile(rf"\W*(?:{_READ_MORE})\W*(?:{_READ_MORE})?\W*", re.I)

_SHARE = (
    r"share(?: this| on \w+)?|tweet|teilen|partager|compartir|condividi|compartilhar|delen|поделиться|"
    r"поділитися|"
    r"分享(?:到|至)?|シェア|ツイート|공유|مشاركة|שתף"
)
SHARE = re.compile(rf"\W*(?:{_SHARE})\W*", re.I)

# What a sentence says when it sells instead of telling. Only ever keeps it out of the summary. For lower case: to
# ignore the case takes twice the time, and this is asked of each sentence.
PROMOTION = re.compile(
    r"^\W*(?:read|learn|find out) more\b|"
    r"\b(?:subscri(?:be|bing) (?:to|now|for|here|at)|consider subscribing|sign up|(?:our|my|free|weekly|daily|this|"
    r"the) newsletters?|follow (?:us|me)|patreon|check (?:it )?out|"
    r"\d+ ?% off|\$ ?\d+ off|\d+.day (?:free )?trial|coupon|promo code|(?:use|enter) (?:the |our )?(?:offer )?code|"
    r"(?:with|using) (?:the )?(?:offer |discount )?code \S+ (?:at|for|when)|affiliate|our sponsors?|click here|"
    r"sponsored by|(?:episode|show|podcast|issue|video|week)(?: \w+)? "
    r"is (?:brought|supported|made possible)\b.{0,8} by|"
    r"(?:buy|get) "
    r"(?:your )?tickets|tour dates|donate|support (?:us|the show|this)|merch|"
    r"printer-friendly|privacy information|(?:please )?help us keep|ads by\b|your ad (?:could be )?here|"
    r"for more information|visit our|available now|transcripts?\b.{0,12}$|learn more at|"
    r"abonnier(?:en|t)|hier klicken|(?:weitere|mehr) infos?(?:rmationen)?|auf unserer web(?:site|seite)|"
    r"rabattcode|gutscheincode|code promo|código (?:promocional|de descuento)|cupom|codice sconto|"
    r"abonnez-vous|inscrivez-vous|cliquez ici|pour en savoir plus|suivez-nous|"
    r"suscríbete|síguenos|haz clic|más información|inscreva-se|siga-nos|clique aqui|"
    r"iscriviti|seguici|clicca qui|подпи(?:шись|шитесь|сывайтесь|сывайся))\b|"
    r"(?:欢迎|歡迎).{0,6}(?:订阅|訂閱|关注|關注|点击|點擊|访问|訪問)|(?:关注|關注)我们|扫码|掃碼|点击(?:此处|这里)|點擊(?:此處|這裡)|"
    r"(?:优惠|折扣|優惠)[码碼]|(?:本期|本集)(?:节目|節目)由.{1,30}(?:赞助|贊助)|"
    r"クーポンコード|の提供でお送り|할인 ?코드|"
    r"(?:阅读|閱讀|查看)全文|会员(?:文章|专享)|订阅后|公众号|チャンネル登録|フォローして|こちらから|구독|اشترك"
)

# Who pays for it: above a list of them, alone in a line. Not "Werbung", which stands above a whole article.
SPONSORS = re.compile(
    r"\W*(?:(?:(?:this|today[’']s|our) (?:episode|show|podcast|week|issue)(?:[’']s)? )?(?:is |was )?"
    r"(?:(?:kindly )?sponsored|brought to you|supported|made possible) by|"
    r"(?:(?:this|today|our|the|episode|week)[’']?s? )*sponsors?|sponsor messages?|"
    r"(?:unsere )?(?:werbe)?partner dieser (?:folge|episode)|(?:gesponsert|unterstützt|präsentiert) von|"
    r"sponsoren|"
    r"sponsoris[ée] par|nos (?:sponsors|partenaires)|patrocinado por|patrocinadores|sponsorizzato da|спонсоры?|"
    r"(?:本期|本集)?(?:节目|節目)?(?:赞助商?|贊助商?)|スポンサー|후원|협찬)\W*",
    re.I,
)

# Who wrote, edited, translated, photographed: the start of a line or sentence, up to its colon, slash or gap.
CREDIT = re.compile(
    r"[\W_]*(?:(?:(?:本文)?作者|撰文|撰稿|记者|記者|特约记者|责任编辑|责编|責任編輯|責編|编辑|編輯|网编|編譯|编译|审校|校对|译者|譯者|翻译|翻譯|"
    r"摄影师?|攝影師?|资料图片?|資料圖片?|图片来源|圖片來源|图源|来源|來源|文|图|圖|文字|出典|取材|글|사진|기자)\s*[:：/／|｜]|"
    r"(?:责编|網編|网编|编译|責編)\s|"
    r"(?:photo(?:graph)?s?|image|picture|credits?|source|foto|fotos|bild|quelle|photo par|crédits?|фото|"
    r"источник|автор)\s*(?:by\b|[:：/])|"
    r"(?:author|keywords|tags|views|added|shared by|filed under)\s*:|"
    r"(?:written|posted|submitted|edited|translated|photographed|published|reporting) by|via\s*:|"
    # "自由亚洲电台记者乔龙香港报道。": a sentence that only signs.
    r"[\u4e00-\u9fff]{0,14}(?:记者|記者)[\u4e00-\u9fff]{2,12}(?:报道|報道|報導|报导|摄影报道)[\s。.]*$)",
    re.I,
)
# "By Ann Lee", "Von Anna Maria Müller und Jan Kern": one of these, then nothing but names and what joins names.
BY = frozenset((
    "by", "von", "par", "por", "door", "av", "автор", "текст",
))  # fmt: skip
BETWEEN_NAMES = frozenset((
    "and", "und", "et", "y", "e", "en", "og", "och", "de", "da", "di", "du", "van", "von", "der", "den",
    "la", "&", "и",
))  # fmt: skip
COPYRIGHT = re.compile(
    r"\W*(?:©|\(c\)\s|copyright\b|all rights reserved|版权(?:声明|所有)|版權(?:聲明|所有)|無断転載)|.{0,12}©\s*\d{4}",
    re.I,
)

# A sentence about the piece and not of it, as magazines and plugins write it.
ABOUT_THE_POST = re.compile(
    r"(?:the post|der beitrag|l[’']article|la entrada|l[’']articolo|o post|het bericht|запись|wpis)\b.{0,300}"
    r"(?:first (?:appeared )?on|appeared first|erschien (?:zuerst|first)|est apparu en premier|"
    r"se publicó primero|"
    r"aparece primero|proviene da|apareceu primeiro|verscheen eerst|впервые появилась|pojawił się)|"
    r"submitted by\b.*\[link\]|"
    r"(?:article|comments) url\s*:|(?:#\s*comments|points)\s*:\s*\d+",
    re.I,
)
# arXiv's feeds open each abstract so (since 2024).
ARXIV_HEAD = re.compile(r"^arXiv:\S+\s+Announce Type:\s*\S+\s+Abstract:\s*", re.I)

# "（法新社马德里17日电）", "(德国之声中文网)", "【大纪元2020年1月1日讯】": an agency's name at the very start.
CJK_DATELINE = re.compile(
    r"^[（(【\[][^（）()【】\[\]]{2,40}(?:电|電|讯|訊|网|網|社|报道|報道|報導|消息|専電|專電)[）)】\]]\s*"
)
# "路透10月2日 - ", "路透加州博德溪8月20日 - ", "本报 12月30日讯（记者 王小明）".
CJK_DASH_DATELINE = re.compile(
    r"^[\w\u4e00-\u9fff]{2,16} ?\d{1,2}月\d{1,2}日(?:(?:电|電|讯|訊)?\s*(?:[-–—]+|[:：])|"
    r"(?:快讯|快訊|电|電|讯|訊|消息)[（(][^（）()]{2,20}[）)])\s*"
)
# "LONDON, March 3 (Reuters) - ", "BERLIN (AP) — ": capitals, an agency in parentheses, a dash.
LATIN_DATELINE = re.compile(
    r"^[A-ZÀ-Þ][A-ZÀ-Þ.'’ /-]{2,40}(?:, [\w. ]{2,24})? \([\w./ -]{2,24}\)\s*[-–—]+\s*"
)
# "Quito, 24 Set 2018 (AFP) - ", "London, 3 May – ", "시드니, 2005년 9월 14일 - ": a place, what has a figure, a dash.
DASH_DATELINE = re.compile(
    r"^[^\W\d][\w.'’ /-]{1,30}, [^\W\d]{0,12}\.? ?\d[^,.!?:–—()-]{0,20}(?: \([A-Z][\w./ -]{1,23}\))? ?[-–—]+ "
)
