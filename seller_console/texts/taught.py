"""Thai words for what trainers decided, and for putting it into the files of the bot."""

THAI = {
    "Taught": "สอนแล้ว",
    "Into the files": "ลงไฟล์",
    "Train": "ฝึกบอท",
    "Taken back: the message waits on the desk again.": "ยกเลิกแล้ว ข้อความกลับไปรอสอนค่ะ",
    "The bot knows these after the next training. Put them into the files to keep them for good.": (
        "บอทจะรู้หลังการฝึกครั้งต่อไป ถ้าอยากเก็บไว้ถาวรให้ใส่ลงไฟล์"
    ),
    "The bot took it for:": "บอทเข้าใจว่า:",
    "as the bot thought": "ตรงกับที่บอทคิด",
    "the bot thought: %(meaning)s": "บอทคิดว่า: %(meaning)s",
    "no idea": "ไม่รู้",
    "Take it back": "ยกเลิก",
    "Nothing was ignored": "ยังไม่มีข้อความที่ไม่สอน",
    "Nothing was taught yet": "ยังไม่ได้สอนอะไร",
    "What you decide about messages stands here, and can be taken back.": "สิ่งที่คุณเลือกไว้กับแต่ละข้อความจะอยู่ที่นี่ และยกเลิกได้ค่ะ",
    "To the messages": "ไปที่ข้อความ",
    "The program git is not installed here.": "เครื่องนี้ไม่ได้ติดตั้งโปรแกรม git",
    "The bot's files are no git checkout here, or git refuses to look at them; in a container that is usual.": (
        "ไฟล์ของบอทในเครื่องนี้ไม่ได้มาจาก git หรือ git ไม่ยอมเปิดดู ซึ่งเป็นเรื่องปกติถ้ารันใน container"
    ),
    "The bot's files cannot be changed here.": "ไฟล์ของบอทในเครื่องนี้แก้ไขไม่ได้",
    "No branch is checked out here, or a merge is under way.": "เครื่องนี้ไม่ได้อยู่บน branch ใด หรือกำลัง merge ค้างอยู่",
    "Somebody has changed the bot's files here and not committed that.": "มีคนแก้ไฟล์ของบอทในเครื่องนี้ไว้และยังไม่ได้ commit",
    "Git could not do it. Nothing was changed; the log of the console says more.": (
        "git ทำไม่สำเร็จ ยังไม่มีอะไรเปลี่ยนแปลง รายละเอียดอยู่ในบันทึกของระบบค่ะ"
    ),
    "A file says that it means something else:": "ในไฟล์มีข้อความนี้อยู่แล้ว แต่ความหมายต่างกัน:",
    "It stands there with other words marked:": "ในไฟล์มีข้อความนี้อยู่แล้ว แต่ระบุคำต่างกัน:",
    "The bot is examined with this message, or one that is nearly the same:": "ข้อความนี้ หรือที่เกือบเหมือนกัน เป็นข้อความทดสอบของบอท:",
    "No file has a list for this meaning.": "ไม่มีไฟล์ไหนมีรายการของความหมายนี้",
    "A file cannot hold it like this. Take it back and teach it in other words.": "ใส่ลงไฟล์แบบนี้ไม่ได้ กรุณายกเลิกแล้วสอนด้วยคำอื่นค่ะ",
    "Committed as %(name)s, in your name. The next training reads it from the files.": (
        "commit เป็น %(name)s ในชื่อของคุณแล้ว การฝึกครั้งต่อไปจะอ่านจากไฟล์ค่ะ"
    ),
    "Something else was taught or changed meanwhile. Nothing was committed; this is how it is now.": (
        "ระหว่างนั้นมีการสอนหรือแก้ไขอย่างอื่น จึงยังไม่ได้ commit ด้านล่างคือข้อมูลล่าสุดค่ะ"
    ),
    "Nothing was committed.": "ยังไม่ได้ commit ค่ะ",
    "This file of the bot is broken and has to be mended first:": "ไฟล์ของบอทนี้เสีย ต้องแก้ก่อน:",
    "line %(line)s": "บรรทัด %(line)s",
    "Nothing to put into the files": "ไม่มีอะไรต้องใส่ลงไฟล์",
    "What is taught is learnt from the shop's database. Putting it into the bot's files keeps it with the program, for other shops and for good; it stands here once something is taught.": (
        "สิ่งที่สอนเก็บอยู่ในฐานข้อมูลของร้าน ถ้าใส่ลงไฟล์ของบอท จะอยู่กับโปรแกรมถาวรและร้านอื่นใช้ได้ด้วย เมื่อสอนแล้วจะขึ้นที่นี่ค่ะ"
    ),
    "One message is new to the files": "มีข้อความใหม่ 1 ข้อความ ที่ยังไม่อยู่ในไฟล์",
    "%(count)s messages are new to the files": "มีข้อความใหม่ %(count)s ข้อความ ที่ยังไม่อยู่ในไฟล์",
    "%(count)s stand there already.": "อยู่ในไฟล์แล้ว %(count)s ข้อความ",
    "%(count)s cannot be put in.": "ใส่ไม่ได้ %(count)s ข้อความ",
    "Put in and commit": "ใส่ลงไฟล์และ commit",
    "Download as a patch": "ดาวน์โหลดเป็นไฟล์ patch",
    "Download the patch instead, and have somebody apply it to the project:": "ให้ดาวน์โหลดไฟล์ patch แล้วให้ผู้ดูแลโปรเจกต์ใช้คำสั่ง:",
    "Only these lines are committed, in your name. Other changes stay as they are.": (
        "จะ commit เฉพาะบรรทัดเหล่านี้ในชื่อของคุณ การแก้ไขอื่นไม่ถูกแตะต้อง"
    ),
    "Open the message": "เปิดดูข้อความ",
    "These cannot be put in": "ใส่ลงไฟล์ไม่ได้",
    "Taught:": "สอนไว้ว่า:",
    "another taught message: %(meaning)s": "ข้อความอื่นที่สอนไว้: %(meaning)s",
    "A training follows what you taught. For the files somebody has to change the line by hand, or you take it back.": (
        "การฝึกบอทจะยึดตามที่คุณสอน ส่วนในไฟล์ต้องมีคนแก้บรรทัดนั้นเอง หรือคุณยกเลิกข้อความนี้"
    ),
    "The change, line by line": "ดูการเปลี่ยนแปลงทีละบรรทัด",
}
